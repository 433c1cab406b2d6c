"""For any story of reports: captured less refunded is what they say, and lines make totals."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.core.inbound import PaymentReported
from app.core.money import Money
from tests.payments.till import TOTAL, Till

AMOUNTS = some.sampled_from([TOTAL.amount, TOTAL.amount, TOTAL.amount, 1, TOTAL.amount * 2])
REPORTS = some.one_of(
    some.tuples(some.just("captured"), some.sampled_from(["cap_1", "cap_2", "cap_3"]), AMOUNTS),
    some.tuples(some.sampled_from(["failed", "expired"]), some.just(""), some.just(0)),
    some.tuples(some.sampled_from(["refund", "bank", "bank-fails"]), some.just(""), some.just(0)),
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(quantity=some.integers(1, 4), story=some.lists(REPORTS, max_size=8))
async def test_what_came_less_what_went_is_what_was_said(
    till: Till, quantity: int, story: list[tuple[str, str, int]]
):
    contact = await till.shopper()
    order_id, payment_id = await till.ready(
        contact, version=await till.next_version(), quantity=quantity
    )
    said: dict[str, int] = {}
    back = 0
    for what, capture_id, amount in story:
        if what == "captured":
            said.setdefault(capture_id, amount)
            await till.captured(payment_id, capture_id, Money(amount, "KRW"))
        elif what == "refund":
            if said:
                await till.refund(order_id)
        elif what in ("bank", "bank-fails"):
            outcome = "refunded" if what == "bank" else "failed"
            for refund in (await till.trail(order_id)).refunds:
                if refund.state == "asked":
                    back += refund.money.amount if what == "bank" else 0
                    await till.bank(refund.id, outcome)
        else:
            await till.report(PaymentReported(payment_id, what))  # type: ignore[arg-type]
    order = await till.get(order_id)
    assert sum(line.amount for line in order.lines) == order.total.amount
    assert await till.balance(order_id) == sum(said.values()) - back
    assert await till.broken() == []
    await till.clear(order_id)


async def test_a_row_changed_by_hand_is_found(till: Till):
    order_id, payment_id = await till.ready()
    await till.captured(payment_id)
    assert await till.broken() == []
    for spoil, names in (
        ("UPDATE payment SET captured = captured + 1", payment_id),
        ("UPDATE capture SET amount = amount - 1", "cap_1"),
        ("DELETE FROM completion", order_id),
        ("DELETE FROM hand_off", order_id),
        ("UPDATE shop_order SET total = total + 1", order_id),
        ("UPDATE shop_order SET state = 'cancelled'", order_id),
        ("UPDATE capture SET fate = 'returned'", "cap_1"),
    ):
        found = await till.spoiled(spoil)
        assert any(names in line for line in found), (spoil, found)
    assert await till.broken() == []
