"""Money that comes too late, twice, or in another amount; and money that goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.core.clock import FixedClock
from app.core.dialog.wants import OrderPlaced, OrderRefused
from app.core.errors import Conflict, NotFound, Rejected
from app.core.inbound import PaymentReported
from app.core.money import Money
from app.core.outbound import CloseSession, HandOff, RefundPayment
from app.orders.order import Filter
from app.orders.read import list_orders
from app.payments.leave import expire_overdue
from app.payments.poll import ask_due
from tests.payments.till import HOLD, TOTAL, Till


async def sell_out(till: Till) -> None:
    """Somebody else buys all that is free."""
    free = (await till.free())[0] - (await till.free())[1]
    _, payment_id = await till.ready(await till.shopper("lan_other"), quantity=free)
    money = Money(15000 * free + (0 if free > 3 else 3000), "KRW")
    assert await till.captured(payment_id, "cap_other", money) == "paid"


@pytest.mark.parametrize(
    "money", [Money(17_999, "KRW"), Money(18_001, "KRW"), Money(18_000, "USD"), Money(1, "KRW")]
)
async def test_a_wrong_amount_is_never_an_order(till: Till, money: Money):
    order_id, payment_id = await till.ready()
    assert await till.captured(payment_id, money=money) == "mismatch"
    assert (await till.get(order_id)).state == "awaiting_payment"
    trail = await till.trail(order_id)
    assert (trail.payments[0].state, trail.captures[0].fate) == ("review", "review")
    assert await till.jobs("hand-off") == []
    assert await till.broken() == []
    assert await till.refund(order_id) == "refunded"  # a person decides: all of it goes back
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == 0
    assert (await till.get(order_id)).state == "cancelled"
    assert await till.free() == (10, 0)
    assert await till.broken() == []


async def test_a_capture_without_an_amount_asks_the_provider(till: Till):
    order_id, payment_id = await till.ready()
    assert await till.report(PaymentReported(payment_id, "captured", "cap_1")) == ()
    assert len(await till.jobs("ask-payment")) == 1
    assert await till.captured(payment_id) == "paid"
    assert (await till.get(order_id)).state == "paid"


async def test_late_money_is_honoured_while_pieces_are_free(till: Till, clock: FixedClock):
    order_id, payment_id = await till.ready()
    await till.holds_run_out()
    await till.report(PaymentReported(payment_id, "expired"))
    assert (await till.get(order_id)).state == "expired"
    assert await till.captured(payment_id) == "late-paid"
    assert (await till.get(order_id)).state == "paid"
    assert await till.free() == (9, 0)
    assert await till.broken() == []


@pytest.mark.parametrize("told", [True, False])
async def test_late_money_goes_back_when_the_pieces_are_gone(
    till: Till, clock: FixedClock, told: bool
):
    """Whether or not the provider had said that the session was over."""
    order_id, payment_id = await till.ready()
    await till.holds_run_out()
    if told:
        await till.report(PaymentReported(payment_id, "expired"))
    await sell_out(till)
    assert await till.captured(payment_id) == "late-refunded"
    assert await till.captured(payment_id) == ""
    assert (await till.get(order_id)).state == "expired"
    [job] = await till.jobs("refund")
    assert isinstance(job, RefundPayment)
    assert (job.money, job.capture_id) == (TOTAL, "cap_1")
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == 0
    assert await till.broken() == []


async def test_a_second_capture_goes_back(till: Till):
    order_id, payment_id = await till.ready()
    assert await till.captured(payment_id, "cap_1") == "paid"
    assert await till.captured(payment_id, "cap_2") == "double-refunded"
    assert await till.captured(payment_id, "cap_2") == ""
    [job] = await till.jobs("refund")
    assert isinstance(job, RefundPayment)
    assert job.capture_id == "cap_2"
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == TOTAL.amount
    assert await till.broken() == []


async def test_two_methods_paid_keep_the_first(till: Till):
    """Another method closes the page before; if both are paid all the same, the later goes back."""
    contact = await till.shopper()
    order_id, first = await till.ready(contact)
    second = await till.pay_page(order_id, "other")
    assert first != second
    [closing] = await till.jobs("close-session")
    assert isinstance(closing, CloseSession)
    assert closing.payment_id == first
    assert await till.captured(second) == "paid"
    assert await till.captured(first) == "double-refunded"
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == TOTAL.amount
    assert await till.broken() == []


async def test_the_page_is_closed_before_the_pieces_are_free(till: Till):
    order_id, payment_id = await till.ready()
    assert await till.leave("lan_mina") == "cancelled"
    assert await till.leave("lan_mina") == ""
    assert await till.free() == (10, 0)
    [job] = await till.jobs("close-session")
    assert isinstance(job, CloseSession)
    assert await till.captured(payment_id) == "late-refunded"  # it was paid in the same second
    assert (await till.get(order_id)).state == "cancelled"
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == 0
    assert await till.broken() == []


async def test_a_page_that_opens_after_its_order_was_left_is_closed(till: Till):
    placed = await till.order(await till.shopper())
    assert isinstance(placed, OrderPlaced)
    payment_id = await till.ask_for_page(placed.order_id)
    await till.leave("lan_mina")
    assert await till.jobs("close-session") == []
    await till.page_opened(payment_id)
    assert len(await till.jobs("close-session")) == 1


async def test_late_money_does_not_overrule_a_merchant(till: Till):
    order_id, payment_id = await till.ready()
    assert await till.cancel(order_id) == "cancelled"
    assert await till.captured(payment_id) == "late-refunded"
    assert (await till.get(order_id)).state == "cancelled"
    assert await till.free() == (10, 0)
    assert await till.broken() == []


async def test_a_refund_unwinds_stock_points_and_money(till: Till):
    order_id, payment_id = await till.ready()
    await till.captured(payment_id)
    assert await till.points("lan_mina") == 150
    assert await till.refund(order_id) == "refunded"
    assert await till.refund(order_id) == "unchanged"
    assert await till.points("lan_mina") == 0
    assert (await till.get(order_id)).state == "refunded"
    assert await till.free() == (10, 0)
    told = [job.event_type for job in await till.jobs("hand-off") if isinstance(job, HandOff)]
    assert told == ["order.paid", "order.refunded"]
    await till.bank_refunds(order_id)
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == 0
    assert await till.broken() == []


async def test_what_was_not_paid_is_not_refunded(till: Till):
    order_id, _ = await till.ready()
    with pytest.raises(Rejected, match="has not been paid: there is no money to give back"):
        await till.refund(order_id)
    with pytest.raises(NotFound):
        await till.refund("ord_nobody")


async def test_a_refused_refund_is_news_and_may_be_tried_again(till: Till):
    order_id, payment_id = await till.ready()
    await till.captured(payment_id)
    await till.refund(order_id)
    [first] = (await till.trail(order_id)).refunds
    assert await till.bank(first.id, "failed") == "refund-failed"
    assert await till.bank(first.id, "failed") == ""
    assert await till.balance(order_id) == TOTAL.amount
    assert await till.refund(order_id) == "refunded"
    _, second = (await till.trail(order_id)).refunds
    assert second.id != first.id
    await till.bank(second.id)
    assert await till.bank(second.id, "failed") == ""  # the money is back, whatever is said later
    assert (await till.trail(order_id)).refunds[1].state == "done"
    assert await till.balance(order_id) == 0
    assert await till.free() == (10, 0)
    assert await till.broken() == []


async def test_a_shipped_order_is_refunded_without_its_pieces(till: Till):
    order_id, payment_id = await till.ready()
    with pytest.raises(Conflict, match="only a paid order can be shipped"):
        await till.ship(order_id)
    await till.captured(payment_id)
    assert await till.ship(order_id) == "shipped"
    assert await till.ship(order_id) == "unchanged"
    assert await till.ship(order_id, "corrected") == "shipped"
    assert await till.cancel(order_id) == "refunded"
    assert await till.free() == (9, 0)
    assert await till.broken() == []


async def test_a_failed_payment_may_be_tried_again(till: Till):
    order_id, first = await till.ready()
    [news] = await till.report(PaymentReported(first, "failed", reason="card declined"))
    assert (news.what, news.reason) == ("payment-failed", "card declined")
    second = await till.pay_page(order_id)
    assert second != first
    assert await till.captured(first) == "paid"  # the bank thought again
    assert await till.captured(second) == "double-refunded"
    assert await till.broken() == []


async def test_a_new_version_of_the_cart_voids_the_old_order(till: Till):
    contact = await till.shopper()
    old, payment_id = await till.ready(contact)
    new = await till.order(contact, version=2, quantity=10)
    assert isinstance(new, OrderPlaced)
    assert (await till.get(old)).state == "cancelled"
    assert await till.free() == (10, 10)
    again = await till.order(contact, version=1)
    assert again == OrderRefused("changed")
    assert await till.captured(payment_id) == "late-refunded"
    assert await till.broken() == []


async def test_an_overdue_order_is_expired_by_the_clock_alone(till: Till, clock: FixedClock):
    order_id, _ = await till.ready()
    async with till.engine.write() as unit:
        assert await expire_overdue(unit, till.shop, order_id) == ()
    clock.moment += HOLD
    async with till.engine.write() as unit:
        [news] = await expire_overdue(unit, till.shop, order_id)
    assert news.what == "payment-expired"
    assert (await till.get(order_id)).state == "expired"
    assert await till.free() == (10, 0)
    assert len(await till.jobs("close-session")) == 1


async def test_the_poller_asks_until_somebody_answers(till: Till, clock: FixedClock):
    _, payment_id = await till.ready()
    asked = 0
    for minutes in (1, 1, 1, 5, 15):
        clock.moment += timedelta(minutes=minutes)
        async with till.engine.write() as unit:
            asked += await ask_due(unit)
    assert asked == len(await till.jobs("ask-payment")) >= 4
    await till.captured(payment_id)
    clock.moment += timedelta(days=1)
    async with till.engine.write() as unit:
        assert await ask_due(unit) == 0


async def test_an_unknown_reference_is_not_ours(till: Till):
    with pytest.raises(NotFound):
        await till.captured("pay_nobody")


async def test_orders_are_listed_page_by_page(till: Till):
    contact = await till.shopper()
    made = []
    for version in range(1, 6):
        order_id, payment_id = await till.ready(contact, version=version)
        await till.captured(payment_id)
        made.append(order_id)
    seen, cursor = [], None
    async with till.engine.read() as unit:
        while True:
            page = await list_orders(
                unit, till.shop.id, Filter(state="paid"), cursor=cursor, limit=2
            )
            seen += [one.id for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5


async def test_the_end_of_one_page_does_not_end_an_order_with_another(till: Till):
    order_id, first = await till.ready()
    second = await till.pay_page(order_id, "other")
    assert await till.report(PaymentReported(first, "expired")) == ()
    assert (await till.get(order_id)).state == "awaiting_payment"
    [news] = await till.report(PaymentReported(second, "expired"))
    assert news.what == "payment-expired"
    assert await till.report(PaymentReported(second, "failed")) == ()
    assert (await till.get(order_id)).state == "expired"


async def test_word_of_a_page_comes_twice_or_after_the_money(till: Till):
    placed = await till.order(await till.shopper())
    assert isinstance(placed, OrderPlaced)
    payment_id = await till.ask_for_page(placed.order_id)
    assert await till.captured(payment_id) == "paid"  # before our own call was answered
    await till.page_opened(payment_id)
    await till.page_opened(payment_id)
    [payment] = (await till.trail(placed.order_id)).payments
    assert (payment.state, payment.session_id) == ("captured", f"ses_{payment_id}")
    assert await till.jobs("close-session") == []


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE payment SET kept = true",
        "UPDATE payment SET refunded = captured + 1",
        "UPDATE payment SET refunded = -1",
        "UPDATE payment SET state = 'open', closing_at = NULL",
        "UPDATE shop_order SET total = -1",
        "UPDATE order_line SET quantity = 0",
        "UPDATE order_line SET amount = amount + 1",
        "UPDATE capture SET amount = 0",
    ],
)
async def test_the_database_has_the_last_word(till: Till, spoil: str):
    order_id, first = await till.ready()
    await till.pay_page(order_id, "other")
    await till.captured(first)
    with pytest.raises(IntegrityError):
        await till.spoiled(spoil)
