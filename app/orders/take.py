"""Taking an order in hand: locked, so that two reports of one payment wait for each other."""

from __future__ import annotations

from app.core.errors import NotFound
from app.db.unit import Unit
from app.orders.order import Order
from app.orders.store import book


async def take(unit: Unit, shop_id: str, order_id: str) -> Order:
    """The order, locked until the transaction ends. Raises `NotFound`."""
    found = await book.by_id(unit, shop_id, order_id, lock=True)
    if found is None:
        raise NotFound(f"There is no order {order_id}.", code="no-order")
    return found


async def take_awaiting(unit: Unit, shop_id: str, lane_id: str) -> list[Order]:
    """The orders of a lane that still await payment, locked."""
    return await book.awaiting(unit, shop_id, lane_id)


async def order_of_cart(unit: Unit, shop_id: str, lane_id: str, cart_version: int) -> Order | None:
    """The order that was made of that version of a lane's cart, locked."""
    return await book.by_cart(unit, shop_id, lane_id, cart_version)
