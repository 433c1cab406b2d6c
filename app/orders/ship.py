"""A merchant hands an order to a carrier."""

from __future__ import annotations

from msgspec.structs import replace

from app.core.catalogue import Shop
from app.core.errors import Conflict
from app.core.inbound import ShipmentMarked
from app.core.news import OrderNews
from app.db.unit import Unit
from app.orders.move import move
from app.orders.news import order_news
from app.orders.order import Fulfilment
from app.orders.store import trail
from app.orders.take import take


async def ship(unit: Unit, shop: Shop, mark: ShipmentMarked) -> tuple[OrderNews, ...]:
    """Marks a paid order as shipped and tells how it travels.

    The same carrier and tracking number again change nothing (`unchanged`); another one corrects
    what was said before and is told again. Raises `NotFound`, and `Conflict` (`order-state`) for an
    order that is not paid.
    """
    order = await take(unit, shop.id, mark.order_id)
    if order.state not in ("paid", "shipped"):
        raise Conflict(
            f"Order {order.number} is {order.state}: only a paid order can be shipped.",
            code="order-state",
        )
    sent = Fulfilment(mark.carrier, mark.tracking, mark.tracking_url, mark.by, unit.now)
    if not await trail.add_fulfilment(unit, shop.id, order.id, sent):
        return (order_news(order, "unchanged"),)
    if order.state == "paid":
        order = await move(unit, order, "ship", f"merchant:{mark.by}")
    news = order_news(order, "shipped")
    return (
        replace(
            news,
            carrier=sent.carrier,
            tracking=sent.tracking,
            tracking_url=sent.tracking_url,
        ),
    )
