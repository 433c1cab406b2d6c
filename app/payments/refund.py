"""Money goes back by a merchant's decision, and the provider tells how that ended."""

from __future__ import annotations

from collections.abc import Sequence

from app.catalog.consume import restock_order
from app.core.catalogue import Shop
from app.core.errors import NotFound, Rejected
from app.core.inbound import RefundReported
from app.core.money import Money
from app.core.news import OrderNews
from app.db.unit import Unit
from app.members.earn import take_back
from app.orders.cancel import cancel
from app.orders.move import move
from app.orders.news import order_news
from app.orders.order import Order
from app.orders.take import take
from app.payments import ledger, store
from app.payments.close import close_all
from app.payments.give_back import give_back
from app.payments.hand_off import hand_off_refunded
from app.payments.payment import Capture, Payment, Refund


async def cancel_order(
    unit: Unit, shop: Shop, order_id: str, reason: str, by: str
) -> tuple[OrderNews, ...]:
    """A merchant cancels: an unpaid order ends (`cancelled`), a paid one is refunded whole.

    An order that is over already is `unchanged`. Raises `NotFound`.
    """
    order = await take(unit, shop.id, order_id)
    if order.state in ("paid", "shipped", "delivered"):
        return await refund_order(unit, shop, order_id, reason, by)
    if order.state != "awaiting_payment":
        return (order_news(order, "unchanged", reason=reason),)
    await close_all(unit, await store.of_order(unit, shop.id, order_id, lock=True))
    ended = await cancel(unit, order, f"merchant:{by}", reason)
    return (order_news(ended, "cancelled", reason=reason),)


async def refund_order(
    unit: Unit, shop: Shop, order_id: str, reason: str, by: str
) -> tuple[OrderNews, ...]:
    """Asks the provider to return everything the order was paid with, and unwinds stock, points and
    hand-off in the same transaction; the news for the shopper.

    Pieces that were shipped stay off the shelf until the merchant books them in. A second ask is
    `unchanged`; one after a refund that the provider refused tries again. Raises `Rejected`
    (`not-captured`) when no money came, `NotFound`.
    """
    order = await take(unit, shop.id, order_id)
    payments = await store.of_order(unit, shop.id, order_id, lock=True)
    refunds = await ledger.refunds_of(unit, shop.id, order_id)
    captures = await ledger.captures_of(unit, shop.id, order_id)
    owed = [one for one in captures if _is_owed(one, refunds)]
    if not owed:
        if captures:
            return (order_news(order, "unchanged", reason=reason),)
        raise Rejected(
            f"Order {order.number} has not been paid: there is no money to give back. "
            "Cancel it instead.",
            code="not-captured",
        )
    who = f"merchant:{by}"
    await _return_all(unit, payments, owed, refunds, reason, who)
    order = await _unwind(unit, shop, order, payments, who, reason)
    return (order_news(order, "refunded", money=_sum(owed), reason=reason),)


def _is_owed(capture: Capture, refunds: Sequence[Refund]) -> bool:
    """Is this money still here, with nothing under way that brings it back?"""
    return not any(
        one.capture_id == capture.capture_id
        and one.payment_id == capture.payment_id
        and one.state != "failed"
        for one in refunds
    )


def _sum(captures: Sequence[Capture]) -> Money | None:
    """All of it, when it is of one currency."""
    currencies = {one.money.currency for one in captures}
    if len(currencies) != 1:
        return None
    return Money(sum(one.money.amount for one in captures), currencies.pop())


async def _return_all(
    unit: Unit,
    payments: Sequence[Payment],
    captures: Sequence[Capture],
    refunds: Sequence[Refund],
    reason: str,
    by: str,
) -> None:
    of_id = {one.id: one for one in payments}
    for capture in captures:
        tried = sum(
            one.capture_id == capture.capture_id and one.payment_id == capture.payment_id
            for one in refunds
        )
        # A provider answers a repeated key with its first answer: another try is another refund.
        cause = f"order-{tried + 1}" if tried else "order"
        payment = of_id[capture.payment_id]
        await give_back(unit, payment, capture, cause, reason=reason, by=by)


async def _unwind(
    unit: Unit, shop: Shop, order: Order, payments: Sequence[Payment], by: str, reason: str
) -> Order:
    if order.state == "awaiting_payment":  # its money waits for review: nothing was completed
        await close_all(unit, payments)
        return await cancel(unit, order, by, reason)
    if order.state not in ("paid", "shipped", "delivered"):
        return order
    on_shelf = order.state == "paid"
    order = await move(unit, order, "refund", by, reason)
    if on_shelf:  # pieces before points, as when it was paid: everybody locks in this order
        await restock_order(unit, shop.id, order.id, order.pieces, by)
    if order.member_id is not None:
        await take_back(unit, shop, order.member_id, order.id)
    await hand_off_refunded(unit, shop, order, order.total, reason)
    return order


async def refund_reported(unit: Unit, shop: Shop, report: RefundReported) -> tuple[OrderNews, ...]:
    """Books money that went back. The shopper was told when it was asked for, so only a failure is
    news (`refund-failed`); a repeat is nothing, and money that did go back outdoes a failure.

    Raises `NotFound` (`no-refund`).
    """
    known = await ledger.refund_by_id(unit, shop.id, report.refund_id)
    if known is None:
        raise NotFound(f"There is no refund {report.refund_id}.", code="no-refund")
    order = await take(unit, shop.id, known.order_id)
    state = "done" if report.outcome == "refunded" else "failed"
    changed = await ledger.close_refund(
        unit, shop.id, known, state, report.provider_ref, report.reason
    )
    if not changed or state == "done":
        return ()
    return (order_news(order, "refund-failed", money=known.money, reason=report.reason),)
