"""Money has come: it pays the order, goes back by rule, or waits for a person."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.catalog.consume import consume_order
from app.core.catalogue import Shop
from app.core.inbound import PaymentReported
from app.core.news import OrderNews
from app.core.ordering import allowed
from app.core.outbound import AskPayment
from app.db.unit import Unit
from app.orders.cancel import expire
from app.orders.news import order_news
from app.orders.order import Order
from app.outbox.enqueue import enqueue
from app.payments import ledger, store
from app.payments.close import close_all
from app.payments.complete import complete
from app.payments.give_back import give_back
from app.payments.payment import Capture, Payment
from app.payments.route import route_of

PAID = ("paid", "shipped", "delivered", "refunded")


class Settled(msgspec.Struct, frozen=True):
    """What a report came to: the effect for the log, the news for the shopper."""

    effect: str
    news: tuple[OrderNews, ...] = ()


async def captured(
    unit: Unit,
    shop: Shop,
    order: Order,
    payments: Sequence[Payment],
    payment: Payment,
    report: PaymentReported,
) -> Settled:
    """Books a capture and decides what it is for. Order and payments are locked by the caller."""
    if report.money is None or report.money.amount <= 0:
        # An amount that nobody stated cannot be compared: the provider itself has to say.
        await _ask_again(unit, payment)
        return Settled("no-amount")
    capture = Capture(payment.id, report.capture_id or payment.reference, report.money, "review")
    if not await ledger.add_capture(unit, payment, capture.capture_id, capture.money, capture.fate):
        return Settled("repeat")
    if order.state in PAID:
        return await _double(unit, order, payment, capture)
    if capture.money != payment.money:
        return await _mismatch(unit, order, payment, capture)
    # The table of states decides who may still be paid: who was cancelled may not, that was a wish.
    welcome = allowed(order.state, "pay")
    if not welcome or not await consume_order(unit, shop.id, order.id, order.pieces):
        return await _too_late(unit, order, payments, payment, capture)
    late = order.state != "awaiting_payment"
    await close_all(unit, (one for one in payments if one.id != payment.id))
    news = await complete(unit, shop, order, payment, capture, late=late)
    return Settled(news.what, (news,))


async def _double(unit: Unit, order: Order, payment: Payment, capture: Capture) -> Settled:
    """The order was paid before: this money goes back, whatever the amount."""
    if payment.unsettled or payment.state in ("failed", "expired"):
        await _mark_captured(unit, payment, capture)
    await give_back(
        unit, payment, capture, "double", reason="paid twice", by=f"payment:{payment.provider}"
    )
    return Settled("double-refunded", (order_news(order, "double-refunded", money=capture.money),))


async def _mismatch(unit: Unit, order: Order, payment: Payment, capture: Capture) -> Settled:
    """Another amount or currency than was asked is never an order: a person looks at it."""
    reason = (
        f"{capture.money.amount} {capture.money.currency} came, "
        f"{payment.money.amount} {payment.money.currency} was asked"
    )
    await store.put(
        unit,
        payment,
        state="review",
        reason=reason,
        capture_id=capture.capture_id,
        poll_at=None,
    )
    news = order_news(order, "mismatch", money=capture.money, reason=reason)
    return Settled("mismatch", (news,))


async def _too_late(
    unit: Unit, order: Order, payments: Sequence[Payment], payment: Payment, capture: Capture
) -> Settled:
    """The pieces are gone, or the order was called off: the money goes back, and an order that
    still waited is over.
    """
    by = f"payment:{payment.provider}"
    await close_all(unit, (one for one in payments if one.id != payment.id))
    await _mark_captured(unit, payment, capture)
    if order.state == "awaiting_payment":
        order = await expire(unit, order, by, "paid after its pieces were gone")
    await give_back(unit, payment, capture, "late", reason="paid too late", by=by)
    return Settled("late-refunded", (order_news(order, "late-refunded", money=capture.money),))


async def _mark_captured(unit: Unit, payment: Payment, capture: Capture) -> None:
    await store.put(unit, payment, state="captured", capture_id=capture.capture_id, poll_at=None)


async def _ask_again(unit: Unit, payment: Payment) -> None:
    if payment.session_id is not None:
        job = AskPayment(payment.id, payment.reference, payment.session_id)
        key = f"ask:{payment.id}:no-amount"
        await enqueue(unit, route_of(payment), job, key=key, purpose="ask-payment")
