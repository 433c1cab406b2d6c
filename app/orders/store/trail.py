"""The SQL of what became of an order: its moves and its journey."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db.unit import Unit
from app.orders.models import fulfilment, order_change
from app.orders.order import Change, Fulfilment


async def note_change(unit: Unit, shop_id: str, order_id: str, change: Change) -> None:
    """Adds a line to the order's history."""
    await unit.run(
        order_change.insert().values(
            shop_id=shop_id,
            order_id=order_id,
            from_state=change.before,
            to_state=change.after,
            by=change.by,
            reason=change.reason,
            at=change.at,
        )
    )


async def add_fulfilment(unit: Unit, shop_id: str, order_id: str, sent: Fulfilment) -> bool:
    """Notes how the order travels; false when exactly that is noted already."""
    values = {
        "id": unit.ids.new("ful", unit.now),
        "shop_id": shop_id,
        "order_id": order_id,
        "carrier": sent.carrier,
        "tracking": sent.tracking,
        "tracking_url": sent.tracking_url,
        "by": sent.by,
        "at": sent.at,
    }
    keys = ("shop_id", "order_id", "carrier", "tracking")
    return await unit.insert_once(fulfilment, values, keys) is not None


async def fulfilments(
    unit: Unit, shop_id: str, order_ids: Sequence[str]
) -> dict[str, tuple[Fulfilment, ...]]:
    """How each of these orders travels, the newest word last."""
    rows = await unit.rows(
        select(fulfilment)
        .where(fulfilment.c.shop_id == shop_id, fulfilment.c.order_id.in_(order_ids))
        .order_by(fulfilment.c.at, fulfilment.c.id)
    )
    found: dict[str, tuple[Fulfilment, ...]] = {}
    for row in rows:
        sent = Fulfilment(row.carrier, row.tracking, row.tracking_url, row.by, row.at)
        found[row.order_id] = (*found.get(row.order_id, ()), sent)
    return found


async def changes(unit: Unit, shop_id: str, order_id: str) -> tuple[Change, ...]:
    """The history of an order, oldest first."""
    rows = await unit.rows(
        select(order_change)
        .where(order_change.c.shop_id == shop_id, order_change.c.order_id == order_id)
        .order_by(order_change.c.id)
    )
    return tuple(Change(row.from_state, row.to_state, row.by, row.reason, row.at) for row in rows)
