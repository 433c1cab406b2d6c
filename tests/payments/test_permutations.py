"""Whatever the order in which things arrive, an order ends well and the books agree."""

from __future__ import annotations

from contextlib import suppress
from itertools import permutations

import pytest

from app.core.errors import Rejected
from app.core.inbound import PaymentReported
from app.db.unit import Unit
from app.engine.contract import Engine
from app.payments.refund import refund_order
from app.payments.settle import settle
from tests.payments.till import TOTAL, Till

EVENTS = ("webhook", "return page", "second capture", "expiry", "refund", "failed")
MONEY = {"webhook": "cap_1", "return page": "cap_1", "second capture": "cap_2"}
# The webhook and the return page say the same words: one order of the two stands for both.
STORIES = [
    story for story in permutations(EVENTS) if story.index("webhook") < story.index("return page")
]


async def happen(unit: Unit, till: Till, what: str, order_id: str, payment_id: str) -> None:
    if what in MONEY:
        report = PaymentReported(payment_id, "captured", MONEY[what], TOTAL)
    elif what == "expiry":
        report = PaymentReported(payment_id, "expired")
    elif what == "failed":
        report = PaymentReported(payment_id, "failed")
    else:
        with suppress(Rejected):  # nothing has come yet
            await refund_order(unit, till.shop, order_id, "changed my mind", "shop")
        return
    await settle(unit, till.shop, report)


@pytest.mark.parametrize("first", EVENTS)
async def test_every_order_of_events_ends_well(engine: Engine, first: str):
    till = await Till.open(engine, stock=1000)
    contact = await till.shopper()
    sold = 0
    # All of them on one engine; on the other, where a commit waits for the network, one in six.
    stories = [one for one in STORIES if one[0] == first]
    for version, story in enumerate(stories[:: 1 if engine.name == "embedded" else 6], start=1):
        order_id, payment_id = await till.ready(contact, version=version)
        async with engine.write() as unit:
            for what in story:
                await happen(unit, till, what, order_id, payment_id)
        await till.bank_refunds(order_id)
        money = min(story.index(one) for one in MONEY)
        refunded = story.index("refund") > money
        assert (await till.get(order_id)).state == ("refunded" if refunded else "paid"), story
        assert await till.balance(order_id) == (0 if refunded else TOTAL.amount), story
        [payment] = (await till.trail(order_id)).payments
        assert (payment.state, payment.kept) == ("captured", True), story
        sold += not refunded
    assert await till.free() == (1000 - sold, 0)
    assert await till.broken() == []
