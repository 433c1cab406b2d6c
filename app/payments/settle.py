"""THE completion path: webhook, return page and poller all end here."""

from __future__ import annotations

import msgspec

from app.core.catalogue import Shop
from app.core.errors import NotFound
from app.core.inbound import PaymentReported
from app.core.news import OrderNews
from app.db.unit import Unit
from app.orders.cancel import expire
from app.orders.news import order_news
from app.orders.order import Order
from app.orders.take import take
from app.payments import store
from app.payments.capture import Settled, captured
from app.payments.payment import Payment


class _Case(msgspec.Struct, frozen=True):
    order: Order
    payment: Payment
    payments: list[Payment]


async def settle(unit: Unit, shop: Shop, report: PaymentReported) -> tuple[OrderNews, ...]:
    """What a provider says of one payment takes effect; the news for its shopper.

    Safe to call with any report any number of times in any order: a repeat has no second effect, a
    capture counts whenever it comes, money that cannot be used goes back by rule. Raises `NotFound`
    (`no-payment`) for a reference that is not ours.
    """
    known = await store.by_reference(unit, shop.id, report.reference)
    if known is None:
        raise NotFound(f"There is no payment {report.reference}.", code="no-payment")
    # The order is locked first: two payments of one order wait for each other here.
    order = await take(unit, shop.id, known.order_id)
    payments = await store.of_order(unit, shop.id, order.id, lock=True)
    payment = next(one for one in payments if one.id == known.id)
    case = _Case(order, payment, payments)
    if report.outcome == "captured":
        settled = await captured(unit, shop, order, payments, payment, report)
    elif report.outcome == "failed":
        settled = await _failed(unit, case, report)
    else:
        settled = await _expired(unit, case, report)
    await store.log_report(unit, payment, report, settled.effect)
    return settled.news


async def _failed(unit: Unit, case: _Case, report: PaymentReported) -> Settled:
    if not case.payment.unsettled:
        return Settled("late-word")
    await store.put(unit, case.payment, state="failed", reason=report.reason, poll_at=None)
    if case.order.state != "awaiting_payment" or case.payment.closing_at is not None:
        return Settled("failed")
    return Settled("failed", (order_news(case.order, "payment-failed", reason=report.reason),))


async def _expired(unit: Unit, case: _Case, report: PaymentReported) -> Settled:
    """The provider takes no more money for this session. With no other page open, the order is at
    its end too: nothing is held for somebody who has nowhere to pay.
    """
    if not case.payment.unsettled:
        return Settled("late-word")
    await store.put(unit, case.payment, state="expired", reason=report.reason, poll_at=None)
    elsewhere = any(one.usable for one in case.payments if one.id != case.payment.id)
    if case.order.state != "awaiting_payment" or elsewhere:
        return Settled("expired")
    order = await expire(unit, case.order, f"payment:{case.payment.provider}", "session expired")
    return Settled("expired", (order_news(order, "payment-expired"),))
