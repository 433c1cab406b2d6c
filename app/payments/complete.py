"""An order becomes paid, once for ever: state, points and hand-off in one transaction."""

from __future__ import annotations

from msgspec.structs import replace

from app.core.catalogue import Shop
from app.core.news import OrderNews
from app.db.unit import Unit
from app.members.earn import earn
from app.orders.move import move
from app.orders.news import order_news
from app.orders.order import Order
from app.payments import ledger, store
from app.payments.hand_off import hand_off_paid, targets_of
from app.payments.payment import Capture, Payment


async def complete(
    unit: Unit, shop: Shop, order: Order, payment: Payment, capture: Capture, *, late: bool
) -> OrderNews:
    """Makes the order paid by this capture, its pieces consumed already; the receipt's news."""
    await store.put(
        unit,
        payment,
        state="captured",
        kept=True,
        capture_id=capture.capture_id,
        poll_at=None,
        reason="",
    )
    await ledger.set_fate(unit, shop.id, capture, "kept")
    paid = await move(unit, order, "pay", f"payment:{payment.provider}", payment.reference)
    news = order_news(paid, "late-paid" if late else "paid", money=capture.money)
    earned = None
    if paid.member_id is not None and shop.membership is not None and shop.membership.built_in:
        earned = await earn(unit, shop, paid.member_id, paid.id, paid.goods)
        news = replace(
            news,
            points=earned.points,
            tier=earned.tier,
            next_tier=earned.next_tier,
            to_next_tier=earned.to_next_tier,
        )
    targets = await targets_of(unit, shop.id)
    await store.add_completion(
        unit,
        {
            "shop_id": shop.id,
            "order_id": paid.id,
            "payment_id": payment.id,
            "late": late,
            "points": earned.points if earned else None,
            "targets": list(targets),
            "at": unit.now,
        },
    )
    await hand_off_paid(unit, shop, paid, targets, earned)
    return news
