"""From the cart to the receipt, and what stands in the books afterwards."""

from __future__ import annotations

import json

from app.core.dialog.wants import OrderPlaced
from app.core.inbound import PaymentReported
from app.core.outbound import HandOff, OpenSession
from tests.payments.till import TOTAL, Till


async def test_a_cart_becomes_a_paid_order(till: Till):
    placed = await till.order(await till.shopper())
    assert isinstance(placed, OrderPlaced)
    assert placed.total == TOTAL
    assert await till.free() == (10, 1)
    payment_id = await till.pay_page(placed.order_id)
    [news] = await till.report(PaymentReported(payment_id, "captured", "cap_1", TOTAL))
    assert (news.what, news.number, news.points, news.tier) == ("paid", placed.number, 150, "green")
    assert news.lines == ("달 머그 (black) × 1",)
    assert (await till.get(placed.order_id)).state == "paid"
    assert await till.free() == (9, 0)
    assert await till.broken() == []


async def test_the_provider_is_asked_for_its_page_once(till: Till):
    order_id, payment_id = await till.ready()
    assert await till.pay_page(order_id) == payment_id
    [job] = await till.jobs("open-session")
    assert isinstance(job, OpenSession)
    assert (job.money, job.reference) == (TOTAL, payment_id)
    assert job.notify_url == "http://shop.test/hooks/pay/sandbox/hanok"


async def test_one_version_of_a_cart_makes_one_order(till: Till):
    contact = await till.shopper()
    first, second = await till.order(contact), await till.order(contact)
    assert isinstance(first, OrderPlaced)
    assert isinstance(second, OrderPlaced)
    assert first.order_id == second.order_id
    assert await till.free() == (10, 1)


async def test_the_store_outside_is_told_once(till: Till):
    order_id, payment_id = await till.ready()
    for _ in range(3):
        await till.captured(payment_id)
    [job] = await till.jobs("hand-off")
    assert isinstance(job, HandOff)
    body = json.loads(job.body)
    assert body["id"] == job.event_id == f"{order_id}.paid"
    assert body["data"]["order"]["total"] == {"amount": 18000, "currency": "KRW"}
    assert body["data"]["member"]["points_balance"] == 150
    assert body["data"]["contact"]["phone"] == "+821023456789"


async def test_without_consent_the_store_learns_no_name(till: Till):
    _, payment_id = await till.ready(await till.shopper(agrees=False))
    await till.captured(payment_id)
    [job] = await till.jobs("hand-off")
    assert isinstance(job, HandOff)
    assert json.loads(job.body)["data"]["contact"].keys() == {"id"}
