"""An unpaid order ends: given up, or out of time. The provider's page is closed by payments."""

from __future__ import annotations

from app.catalog.release import release_order
from app.db.unit import Unit
from app.orders.move import move
from app.orders.order import Order


async def cancel(unit: Unit, order: Order, by: str, reason: str) -> Order:
    """Cancels an order that awaits payment; its pieces are free again. Raises `Conflict`."""
    cancelled = await move(unit, order, "cancel", by, reason)
    await release_order(unit, order.shop_id, order.id)
    return cancelled


async def expire(unit: Unit, order: Order, by: str, reason: str) -> Order:
    """Ends an order whose time to be paid ran out; its pieces are free again. Raises `Conflict`."""
    expired = await move(unit, order, "expire", by, reason)
    await release_order(unit, order.shop_id, order.id)
    return expired
