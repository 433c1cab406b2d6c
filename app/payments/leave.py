"""An unpaid order is given up. The page is closed first, then the pieces are free."""

from __future__ import annotations

from app.core.catalogue import Shop
from app.core.news import OrderNews
from app.db.unit import Unit
from app.orders.cancel import cancel, expire
from app.orders.news import order_news
from app.orders.order import Order
from app.orders.take import take, take_awaiting
from app.payments import store
from app.payments.close import close_all

PAYABLE_NO_MORE = "its time to be paid ran out"


async def leave(
    unit: Unit, shop: Shop, lane_id: str, *, but: int | None = None
) -> tuple[OrderNews, ...]:
    """Ends every unpaid order of this chat, but for that of cart version `but`.

    One whose time is over expires, another is cancelled. Money that arrives all the same is late
    money: see `settle`.
    """
    news = []
    for order in await take_awaiting(unit, shop.id, lane_id):
        if order.cart_version == but:
            continue
        ended = await _end(unit, order, "shopper", "given up in the chat")
        news.append(order_news(ended, "cancelled"))
    return tuple(news)


async def expire_overdue(unit: Unit, shop: Shop, order_id: str) -> tuple[OrderNews, ...]:
    """Ends an order whose time to be paid is over (`payment-expired`); else nothing.

    The net under the chat's own timer. Raises `NotFound`.
    """
    order = await take(unit, shop.id, order_id)
    if order.state != "awaiting_payment" or order.pay_until > unit.now:
        return ()
    ended = await _end(unit, order, "clock", PAYABLE_NO_MORE)
    return (order_news(ended, "payment-expired"),)


async def _end(unit: Unit, order: Order, by: str, reason: str) -> Order:
    await _close_pages(unit, order)
    if order.pay_until <= unit.now:
        return await expire(unit, order, by, PAYABLE_NO_MORE)
    return await cancel(unit, order, by, reason)


async def _close_pages(unit: Unit, order: Order) -> None:
    await close_all(unit, await store.of_order(unit, order.shop_id, order.id, lock=True))
