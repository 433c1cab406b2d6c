"""The one way an order changes its state, and the one way it changes its lane."""

from __future__ import annotations

from msgspec.structs import replace

from app.core.errors import Conflict
from app.core.ordering import OrderEvent
from app.core.ordering import move as move_by_table
from app.db.unit import Unit
from app.orders.order import Change, Order
from app.orders.store import book, trail


async def move(unit: Unit, order: Order, event: OrderEvent, by: str, reason: str = "") -> Order:
    """Moves the order by `event` of the table in `app.core.ordering` and records who and why.

    Raises `Conflict` (`order-state`) when the table does not allow it, or when the order has moved
    since it was read.
    """
    after = move_by_table(order.state, event)
    if not await book.change_state(unit, order.shop_id, order.id, order.state, after):
        raise Conflict(
            f"Order {order.number} is not {order.state} any more. Look at it again.",
            code="order-state",
        )
    change = Change(order.state, after, by, reason, unit.now)
    await trail.note_change(unit, order.shop_id, order.id, change)
    paid_at = unit.now if after == "paid" else order.paid_at
    return replace(order, state=after, changed_at=unit.now, paid_at=paid_at)


async def move_lane_orders(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> int:
    """Two lanes proved to be one person: gives the orders of one to the other; how many.

    Both lanes are held by the caller.
    """
    return await book.repoint(unit, shop_id, from_lane, to_lane)
