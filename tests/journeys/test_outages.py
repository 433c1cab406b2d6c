"""Parts of the world that are away: store, database, Redis; and an event that always fails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import select

from app.core.dialog.step import step
from app.core.inbound import Said
from app.engine.contract import Engine
from app.inbox.models import inbox
from app.outbox.models import outbox
from tests.conftest import POSTGRES, REDIS, fresh_postgres, need
from tests.journeys.shopping import buy_a_mug, to_payment
from tests.journeys.town import SHOP, Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


class Store:
    """A merchant's membership store outside the house, which may be down."""

    def __init__(self) -> None:
        self.down = True
        self.tried = 0
        self.orders: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        self.tried += 1
        if not self.down:
            self.orders.append(dict(scope["headers"])[b"webhook-id"].decode())
        assert message["type"] == "http.request"
        status = 503 if self.down else 204
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def test_a_store_that_is_down_for_a_day_hears_of_the_order_once(
    database_url: str, tmp_path: Path, clock
):
    store = Store()
    shop = yaml.safe_load(SHOP.read_text(encoding="utf-8"))
    shop["membership"]["hand_off"] = {
        "url": "http://store.test/orders",
        "secret": "whsec_" + "c2VjcmV0" * 4,
    }
    others: dict[str, httpx.AsyncBaseTransport | None] = {
        "http://store.test": httpx.ASGITransport(store)
    }
    async with town(database_url, tmp_path, clock, shop=shop, others=others) as here:
        await buy_a_mug(here, "1001")
        assert "Paid" in here.last("1001")
        await here.wait(hours=23)
        assert store.tried > 3
        await here.say("1001", "help")
        assert here.instagram.thread("1001")[-1].side == "shop"
        store.down = False
        await here.wait(hours=26)
        assert len(store.orders) == 1
        assert await here.audit() == {}


async def test_an_event_that_always_raises_delays_its_own_lane_only(
    here: Town, monkeypatch: pytest.MonkeyPatch
):
    """A defect that one text awakes: its neighbours go on, it is parked, its person hears of it."""

    def broken(state: Any, event: Any, facts: Any) -> Any:
        if isinstance(event, Said) and event.text == "poison":
            raise LookupError("a defect")
        return step(state, event, facts)

    monkeypatch.setattr("app.conversations.turn.step", broken)
    for person in ("1001", "1002"):
        await here.comment(person, "#moonmug black")
        await here.tap(person, "Buy")
    await here.post(here.instagram.say("1001", "poison"))
    await here.post(here.instagram.say("1002", "help"))
    await here.rest()
    assert here.instagram.thread("1002")[-1].side == "shop"
    await here.wait(minutes=5)
    async with here.dangol.engine.read() as unit:
        row = await unit.only(select(inbox).where(inbox.c.status == "parked"))
    assert row.attempts == 5
    assert "LookupError: a defect" in row.note
    assert here.instagram.thread("1001")[-1].side == "shop"
    await here.say("1001", "Talk to a person")
    assert await here.audit() == {}


async def test_a_payment_counts_although_the_dialog_cannot_speak_of_it(
    here: Town, monkeypatch: pytest.MonkeyPatch
):
    await to_payment(here, "1001")
    page = await here.open_provider("1001")

    def broken(state: Any, event: Any, facts: Any) -> Any:
        raise LookupError("a defect")

    monkeypatch.setattr("app.conversations.turn.step", broken)
    await here.browser.post(page, data={"outcome": "approve"})
    await here.settle_webhooks()
    await here.wait(minutes=5)
    assert [order["state"] for order in await here.orders()] == ["paid"]


async def test_a_database_that_is_away_for_ten_seconds_loses_nothing(here: Town):
    """Receiver: 503 and the platform posts again. Worker: the round fails, the next one works."""
    await here.comment("1001", "#moonmug black")
    hook = here.instagram.tap("1001", here.choice("1001", "Buy"))
    outage = Outage(here.dangol.engine)
    with outage:
        answer = await here.browser.post(
            "/hooks/instagram/17841400000000001", content=hook.body, headers=hook.headers
        )
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        with pytest.raises(OSError, match="away"):
            await here.dangol.drain.once()
        ready = await here.browser.get("/readyz")
        assert ready.status_code == 503
    here.clock.moment += timedelta(seconds=10)
    await here.post(hook)
    await here.rest()
    assert "Where should it go" in here.last("1001")
    assert await here.audit() == {}


class Outage:
    """Every transaction fails to begin, as when nobody listens on the database's port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> None:
        def away(*_: Any, **__: Any) -> Any:
            raise ConnectionRefusedError("the database is away")

        self._real = {name: getattr(self._engine, name) for name in ("write", "read", "flush")}
        for name in self._real:
            setattr(self._engine, name, away)

    def __exit__(self, *_: object) -> None:
        for name, method in self._real.items():
            setattr(self._engine, name, method)


async def test_what_was_to_be_sent_is_sent_after_the_outage(here: Town):
    await here.post(here.instagram.comment("1001", "#moonmug black"))
    await here.dangol.drain.once()
    async with here.dangol.engine.read() as unit:
        waiting = [row.status for row in await unit.rows(select(outbox.c.status))]
    assert waiting
    assert set(waiting) == {"queued"}
    with Outage(here.dangol.engine), pytest.raises(OSError, match="away"):
        await here.dangol.deliver.once()
    await here.rest()
    assert "black" in here.last("1001")


@pytest.mark.postgres
@pytest.mark.parametrize("redis_url", ["redis://127.0.0.1:1/0", REDIS])
async def test_with_redis_or_without_a_sale_is_a_sale(tmp_path: Path, clock, redis_url: str):
    """Redis holds only what may be lost: without it everything is slower, nothing is wrong."""
    need("postgres", POSTGRES)
    if redis_url == REDIS:
        need("redis", REDIS)
    url = await fresh_postgres()
    async with town(url, tmp_path, clock, redis_url=redis_url) as here:
        await buy_a_mug(here, "1001")
        assert [order["state"] for order in await here.orders()] == ["paid"]
        assert await here.audit() == {}
