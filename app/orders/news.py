"""What the conversation is told of an order."""

from __future__ import annotations

from app.core.money import Money
from app.core.news import OrderNews
from app.orders.order import Order


def order_news(
    order: Order, what: str, *, money: Money | None = None, reason: str = ""
) -> OrderNews:
    """The news `what` (see `OrderNews`) of this order, goods named in the shopper's language."""
    return OrderNews(
        what=what,
        order_id=order.id,
        number=order.number,
        total=order.total,
        money=money,
        reason=reason,
        lines=order.texts,
    )
