"""Orders over the API, bought by shoppers over the real wire: each act is told in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.merchants.create_key import create_key
from app.merchants.create_shop import ShopForm, create_shop
from app.web.api import asking
from tests.journeys.shopping import buy_a_mug, to_payment
from tests.journeys.town import town
from tests.web.api.room import Office, open_office

MINA, JUN = "1001", "1002"
SHIPMENT = {"carrier": "CJ Logistics", "tracking": "612345678901"}


@pytest.fixture
async def office(database_url: str, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Office]:
    async with town(database_url, tmp_path, clock) as here:
        made = await open_office(here)
        yield made
        await made.client.aclose()


async def bought(office: Office, person: str = MINA) -> dict[str, Any]:
    await buy_a_mug(office.here, person)
    [order, *_] = await office.items("/orders")
    found: dict[str, Any] = order
    return found


async def test_an_order_is_found_and_shown_whole(office: Office):
    order = await bought(office)
    assert (order["state"], order["total"]) == ("paid", {"amount": 18000, "currency": "KRW"})
    assert order["buyer"]["channel"] == "instagram"
    whole = await office.read(f"/orders/{order['id']}")
    assert [line["kind"] for line in whole["lines"]] == ["item", "shipping"]
    assert whole["lines"][0]["text"].endswith("× 1")
    assert whole["address"]["name"] == "김미나"
    assert [change["after"] for change in whole["changes"]] == ["awaiting_payment", "paid"]
    [payment] = whole["payments"]
    assert (payment["state"], payment["captured"], payment["refunded"]) == ("captured", 18000, 0)
    assert (whole["fulfilments"], whole["refunds"]) == ([], [])


async def test_orders_are_filtered(office: Office, clock: FixedClock):
    order = await bought(office)
    clock.moment += timedelta(seconds=1)  # ids of one moment have no order
    await to_payment(office.here, JUN)
    await office.here.open_provider(JUN)
    assert len(await office.items("/orders")) == 2
    for query, count in (
        ("state=paid", 1), ("state=awaiting_payment", 1), ("state=refunded", 0),
        (f"number={order['number'].lower()}", 1), ("number=0-000", 0),
        ("channel=instagram", 2), ("channel=web", 0),
        ("placed_since=2026-11-02T00:00:00Z", 2), ("placed_since=2027-01-01T00:00:00Z", 0),
        ("placed_until=2026-11-02T00:00:00Z", 0), ("state=paid&channel=instagram", 1),
    ):  # fmt: skip
        assert len(await office.items(f"/orders?{query}")) == count, query
    first = await office.read("/orders?limit=1")
    second = await office.read(f"/orders?limit=1&cursor={first['next_cursor']}")
    assert second["items"][0]["id"] == order["id"] != first["items"][0]["id"]
    assert second["next_cursor"] is None


async def test_a_shipment_is_told_in_the_chat_once(office: Office):
    order = await bought(office)
    path = f"/orders/{order['id']}/ship"
    shipped = await office.ask("POST", path, SHIPMENT)
    assert (shipped.status_code, shipped.json()["state"]) == (200, "shipped")
    [travel] = shipped.json()["fulfilments"]
    assert (travel["carrier"], travel["tracking"]) == ("CJ Logistics", "612345678901")
    assert travel["by"].startswith("api:key_")
    await office.here.rest()
    told = [line for line in office.here.chat(MINA) if "612345678901" in line]
    assert len(told) == 1
    again = await office.ask("POST", path, SHIPMENT)
    assert (again.status_code, len(again.json()["fulfilments"])) == (200, 1)
    await office.here.rest()
    assert [line for line in office.here.chat(MINA) if "612345678901" in line] == told


async def test_a_refund_unwinds_money_stock_and_points(office: Office):
    order = await bought(office)
    answer = await office.ask("POST", f"/orders/{order['id']}/refund", {"reason": "sorry"})
    assert (answer.status_code, answer.json()["state"]) == (200, "refunded")
    await office.here.settle_webhooks()
    whole = await office.read(f"/orders/{order['id']}")
    assert whole["payments"][0]["refunded"] == 18000
    [refund] = whole["refunds"]
    assert (refund["money"]["amount"], refund["state"]) == (18000, "done")
    assert [one["after"] for one in whole["changes"]][-1] == "refunded"
    products = await office.items("/products")
    [black] = [
        variant for one in products for variant in one["variants"] if variant["sku"] == "MM-BLACK"
    ]
    assert (black["on_hand"], black["held"]) == (12, 0)
    again = await office.ask("POST", f"/orders/{order['id']}/refund", {})
    assert (again.status_code, len(again.json()["refunds"])) == (200, 1)
    assert await office.here.audit() == {}


async def test_an_unpaid_order_is_cancelled_and_not_refunded(office: Office):
    await to_payment(office.here, MINA)
    await office.here.open_provider(MINA)
    [order] = await office.items("/orders")
    refused = await office.ask("POST", f"/orders/{order['id']}/refund", {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not-captured")
    early = await office.ask("POST", f"/orders/{order['id']}/ship", SHIPMENT)
    assert (early.status_code, early.json()["code"]) == (409, "order-state")
    cancelled = await office.ask("POST", f"/orders/{order['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert await office.here.audit() == {}


async def test_a_write_that_takes_long_tells_where_its_outcome_will_be(office: Office):
    order = await bought(office)
    context = office.here.dangol.context
    impatient = context.settings.model_copy(update={"wait_seconds": 0.2})
    object.__setattr__(context, "settings", impatient)
    key = {"idempotency_key": "ship-1"}
    path = f"/orders/{order['id']}/ship"
    waits = await office.ask("POST", path, SHIPMENT, idle=True, **key)
    assert (waits.status_code, waits.json()["status"]) == (202, "new")
    where = waits.headers["location"]
    assert where == f"/api/v1/events/{waits.json()['id']}"
    again = await office.ask("POST", path, SHIPMENT, idle=True, **key)
    assert (again.status_code, again.headers["location"]) == (202, where)
    await office.here.rest()
    done = await office.read(where.removeprefix("/api/v1"))
    assert (done["status"], done["outcome"]["code"]) == ("done", "done")
    assert (await office.read(f"/orders/{order['id']}"))["state"] == "shipped"


async def test_the_same_ask_in_parallel_is_one_event(office: Office):
    order = await bought(office)
    path = f"/orders/{order['id']}/ship"
    answers = await asyncio.gather(
        *(office.ask("POST", path, SHIPMENT, idempotency_key="one") for _ in range(4))
    )
    assert [one.status_code for one in answers] == [200] * 4
    assert len({one.content for one in answers}) == 1
    events = await office.items("/events?kind=shipment-marked")
    assert [(one["status"], one["channel"]) for one in events] == [("done", "house")]


async def test_an_ask_that_failed_on_the_way_is_the_same_event_when_repeated(office, monkeypatch):
    order = await bought(office)
    path = f"/conversations/{order['conversation_id']}/reply"
    key = {"idempotency_key": "r-1"}

    async def lost(*_: object) -> None:
        raise RuntimeError("the process lost its way after the event was stored")

    with monkeypatch.context() as patched:
        patched.setattr(asking, "await_outcome", lost)
        first = await office.ask("POST", path, {"text": "Thank you!"}, **key)
    assert first.status_code == 500
    again = await office.ask("POST", path, {"text": "Thank you!"}, **key)
    assert again.status_code == 200
    await office.here.rest()
    assert len(await office.items("/events?kind=merchant-said")) == 1
    assert len([line for line in office.here.chat(MINA) if "Thank you!" in line]) == 1


async def test_a_member_shows_points_and_orders(office: Office):
    order = await bought(office)
    members = await office.items("/members")
    for member in members:
        whole = await office.read(f"/members/{member['id']}")
        assert [one["id"] for one in whole["orders"]] == [order["id"]]
        for booking in whole["bookings"]:
            assert sum(entry["amount"] for entry in booking["entries"]) == 0
        assert whole["contacts"][0]["channel"] == "instagram"
        assert "conversation_id" in whole["contacts"][0]


async def test_another_shop_sees_and_touches_none_of_it(office: Office):
    order = await bought(office)
    async with office.here.dangol.engine.write() as unit:
        rival = await create_shop(unit, ShopForm("rival", "Rival"))
        key = await create_key(unit, rival, ["all"])
    theirs: dict[str, Any] = {"authorization": f"Bearer {key}"}
    chat = order["conversation_id"]
    [event, *_] = await office.items("/events")
    [row, *_] = await office.items("/outbox")
    for method, path, body in (
        ("GET", f"/orders/{order['id']}", None),
        ("POST", f"/orders/{order['id']}/cancel", {}),
        ("POST", f"/orders/{order['id']}/refund", {}),
        ("POST", f"/orders/{order['id']}/ship", SHIPMENT),
        ("GET", f"/conversations/{chat}", None),
        ("GET", f"/conversations/{chat}/transcript", None),
        ("POST", f"/conversations/{chat}/take-over", None),
        ("POST", f"/conversations/{chat}/reply", {"text": "hi"}),
        ("POST", f"/conversations/{chat}/hand-back", None),
        ("GET", f"/events/{event['id']}", None),
        ("GET", f"/outbox/{row['id']}", None),
        ("POST", f"/dead-letters/in-{event['id']}/retry", None),
        ("POST", f"/dead-letters/out-{row['id']}/retry", None),
    ):
        answer = await office.ask(method, path, body, **theirs)
        assert answer.status_code == 404, (method, path, answer.text)
    for path in ("orders", "conversations", "members", "events", "outbox", "dead-letters"):
        answer = await office.ask("GET", f"/{path}", **theirs)
        assert answer.json()["items"] == []
    assert (await office.read(f"/orders/{order['id']}"))["state"] == "paid"
