"""Writing down that pieces came or went for a reason that is no order."""

from __future__ import annotations

from app.catalog.shelf import Change, shift_all
from app.catalog.store import stock
from app.core.errors import Conflict, NotFound, Rejected
from app.db.unit import Unit


async def move_stock(
    unit: Unit, shop_id: str, variant_id: str, delta: int, reason: str, by: str
) -> int:
    """Adds `delta` pieces (or takes them away); how many are on hand now.

    Raises `Conflict` when less would be left than is kept for shoppers.
    """
    if delta == 0 or reason in (stock.SOLD, ""):
        raise Rejected("A movement needs a number other than 0 and a reason.", code="movement")
    short = await shift_all(unit, shop_id, {variant_id: Change(on_hand=delta, held=0)})
    row = await stock.stock_row(unit, shop_id, variant_id)
    if row is None:
        raise NotFound("There is no such variant.")
    if short:
        raise Conflict(
            f"{row.on_hand} on hand, {row.held} of them kept for shoppers: {-delta} cannot go.",
            code="stock",
        )
    book = stock.movement(shop_id, variant_id, delta, reason, by, unit.now)
    await stock.insert_movements(unit, [book])
    return int(row.on_hand)
