"""Placing: what is refused, what is kept, and what an order remembers."""

from __future__ import annotations

from sqlalchemy import select

from app.core.addresses import Address
from app.core.dialog.wants import OrderPlaced, OrderRefused
from app.members.erase import erase
from app.orders.models import order_counter, shop_order
from app.orders.move import move_lane_orders
from app.orders.read import (
    order_by_number,
    order_detail,
    orders_of_lanes,
    summary_of,
)
from tests.payments.till import ADDRESS, TOTAL, Till


async def test_what_cannot_be_sold_is_refused_and_keeps_nothing(till: Till):
    contact = await till.shopper()
    for refused, changes in (
        (OrderRefused("sold-out", {"var_black": 10}), {"quantity": 11}),
        (OrderRefused("changed"), {"quantity": 21}),
        (OrderRefused("changed"), {"variant": "var_gone"}),
        (OrderRefused("not-payable"), {"provider": "nobody"}),
        (OrderRefused("no-delivery"), {"shipping": "shp_gone"}),
        (OrderRefused("no-delivery"), {"shipping": None}),
        (OrderRefused("no-address"), {"address": None}),
        (OrderRefused("no-address"), {"address": "adr_gone"}),
    ):
        assert await till.order(contact, **changes) == refused, changes
    assert await till.free() == (10, 0)
    async with till.engine.read() as unit:
        assert await unit.value(select(order_counter.c.count)) is None


async def test_delivery_has_to_reach_the_address(till: Till):
    abroad = Address(name="Ann", country="US", line1="1 Main St", region="CA", postcode="94105")
    contact = await till.shopper("lan_ann", address=abroad)
    assert await till.order(contact) == OrderRefused("no-delivery")


async def test_prices_are_those_of_the_moment_and_stay(till: Till):
    contact = await till.shopper()
    placed = await till.order(contact, quantity=4)
    assert isinstance(placed, OrderPlaced)
    assert placed.total.amount == 60_000  # delivery is free over 50,000
    till.dearer(99_000)
    again = await till.order(contact, quantity=4)
    assert isinstance(again, OrderPlaced)
    assert again.total == placed.total
    order = await till.get(placed.order_id)
    assert [(line.kind, line.amount) for line in order.lines] == [("item", 60_000), ("shipping", 0)]


async def test_an_order_whose_pieces_went_is_not_prolonged(till: Till):
    contact = await till.shopper()
    placed = await till.order(contact, quantity=10)
    assert isinstance(placed, OrderPlaced)
    await till.ask_for_page(placed.order_id)
    await till.holds_run_out()
    other = await till.order(await till.shopper("lan_other"), quantity=10)
    assert isinstance(other, OrderPlaced)
    assert await till.order(contact, quantity=10) == OrderRefused("sold-out", {"var_black": 0})
    assert (await till.get(placed.order_id)).state == "expired"
    [payment] = (await till.trail(placed.order_id)).payments
    assert payment.closing_at is not None
    assert await till.broken() == []


async def test_who_and_where_are_sealed_and_gone_once_erased(till: Till):
    contact = await till.shopper()
    placed = await till.order(contact)
    assert isinstance(placed, OrderPlaced)
    async with till.engine.write() as unit:
        row = await unit.row(select(shop_order))
        assert row is not None
        stored = b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
        for secret in (ADDRESS.name, ADDRESS.line2, ADDRESS.phone, "mina@example.com"):
            assert secret.encode() not in stored
        detail = await order_detail(unit, till.shop.id, placed.order_id)
        assert detail is not None
        assert (detail.address, detail.email) == (ADDRESS, "mina@example.com")
        await erase(unit, contact)
        erased = await order_detail(unit, till.shop.id, placed.order_id)
        assert erased is not None
        assert (erased.address, erased.email) == (None, None)


async def test_the_payment_page_sees_a_masked_address(till: Till):
    placed = await till.order(await till.shopper())
    assert isinstance(placed, OrderPlaced)
    summary = summary_of(await till.get(placed.order_id), "en")
    assert [line.text for line in summary.lines] == ["Moon mug (black) × 1", "Parcel"]
    assert sum(line.amount.amount for line in summary.lines) == summary.total.amount
    assert "152" not in summary.address_label
    assert ADDRESS.name not in summary.address_label


async def test_orders_follow_their_person_and_stay_one_for_each_cart(till: Till):
    """Two lanes that prove to be one may both have a cart of the same version."""
    mina, ann = await till.shopper("lan_mina"), await till.shopper("lan_ann")
    one, two = await till.order(mina), await till.order(ann)
    assert isinstance(one, OrderPlaced)
    assert isinstance(two, OrderPlaced)
    async with till.engine.write() as unit:
        assert await move_lane_orders(unit, till.shop.id, "lan_ann", "lan_mina") == 1
        known = await orders_of_lanes(unit, till.shop.id, ["lan_mina", "lan_ann"])
    assert {order.id for order in known["lan_mina"]} == {one.order_id, two.order_id}
    assert "lan_ann" not in known
    assert await till.broken() == []


async def test_the_dialog_is_told_the_last_five_with_their_tracking(till: Till):
    contact = await till.shopper()
    for version in range(1, 8):
        _, payment_id = await till.ready(contact, version=version)
        await till.captured(payment_id)
        till.engine.clock.moment += till.tick  # type: ignore[attr-defined]
    newest, payment_id = await till.ready(contact, version=8)
    await till.captured(payment_id)
    await till.ship(newest)
    async with till.engine.read() as unit:
        known = (await orders_of_lanes(unit, till.shop.id, [contact.lane_id]))[contact.lane_id]
    assert len(known) == 5
    assert (known[0].id, known[0].tracking, known[0].state) == (newest, "6012345", "shipped")
    assert known[0].lines == ("달 머그 (black) × 1",)


async def test_a_number_is_found_however_it_is_written(till: Till):
    placed = await till.order(await till.shopper())
    assert isinstance(placed, OrderPlaced)
    assert placed.total == TOTAL
    async with till.engine.read() as unit:
        found = await order_by_number(unit, till.shop.id, f" {placed.number.lower()} ")
        assert found is not None
        assert found.id == placed.order_id
        assert await order_by_number(unit, "shp_other", placed.number) is None


async def test_every_move_is_written_down(till: Till):
    order_id, payment_id = await till.ready()
    await till.captured(payment_id)
    await till.ship(order_id)
    await till.refund(order_id)
    async with till.engine.read() as unit:
        detail = await order_detail(unit, till.shop.id, order_id)
    assert detail is not None
    assert [(one.before, one.after, one.by) for one in detail.history] == [
        ("", "awaiting_payment", "shopper"),
        ("awaiting_payment", "paid", "payment:sandbox"),
        ("paid", "shipped", "merchant:shop"),
        ("shipped", "refunded", "merchant:shop"),
    ]


async def test_the_audit_of_orders_finds_what_was_changed_by_hand(till: Till):
    order_id, _ = await till.ready()
    for spoil in (
        "UPDATE order_line SET amount = 1, unit = 1 WHERE kind = 'shipping'",
        "UPDATE shop_order SET state = 'paid'",
        "DELETE FROM order_change",
        "INSERT INTO order_change (shop_id, order_id, from_state, to_state, by, at) "
        "SELECT shop_id, id, 'refunded', 'awaiting_payment', 'x', placed_at FROM shop_order",
    ):
        assert any(order_id in line for line in await till.spoiled(spoil)), spoil
