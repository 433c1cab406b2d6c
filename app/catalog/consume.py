"""What an order does to the shelf once it is paid, and when it is unwound."""

from __future__ import annotations

from app.catalog.shelf import Change, Lines, counted, kept, shift_all
from app.catalog.store import stock
from app.core.errors import Broken
from app.db.unit import Unit

RETURNED = "returned"


async def consume_order(unit: Unit, shop_id: str, order_id: str, lines: Lines) -> bool:
    """The paid pieces leave the shelf: those kept for the order, or free ones if they are gone.

    False when they were sold out meanwhile: then nothing changed. Doing it twice takes them once.
    """
    holds = await stock.holds_of_order(unit, shop_id, order_id)
    if await stock.was_sold(unit, shop_id, order_id):
        return True
    sold, before = counted(lines), kept(holds)
    changes = {
        variant_id: Change(on_hand=-sold[variant_id], held=-before[variant_id])
        for variant_id in sold | before
    }
    if await shift_all(unit, shop_id, changes):
        return False
    if holds:
        await stock.end_holds(unit, [row.id for row in holds], stock.CONSUMED)
    book = [
        stock.movement(shop_id, each, -sold[each], stock.SOLD, "order", unit.now, order_id)
        for each in sorted(sold)
    ]
    await stock.insert_movements(unit, book)
    return True


async def restock_order(unit: Unit, shop_id: str, order_id: str, lines: Lines, by: str) -> int:
    """Pieces of the order come back to the shelf, never more than it took; how many came."""
    wanted = counted(lines)
    await stock.lock_variants(unit, shop_id, wanted)
    out = await stock.taken_by_order(unit, shop_id, order_id)
    back = {each: min(wanted[each], out.get(each, 0)) for each in sorted(wanted)}
    back = {each: quantity for each, quantity in back.items() if quantity > 0}
    if not back:
        return 0
    changes = {each: Change(on_hand=quantity, held=0) for each, quantity in back.items()}
    short = await shift_all(unit, shop_id, changes)
    if short:
        raise Broken(f"No room for what comes back: {', '.join(short)}. Run dangol audit.")
    book = [
        stock.movement(shop_id, each, quantity, RETURNED, by, unit.now, order_id)
        for each, quantity in back.items()
    ]
    await stock.insert_movements(unit, book)
    return sum(back.values())
