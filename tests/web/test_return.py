"""Back from the provider: what the page says is what the order's own state says."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import update

from app.orders.models import shop_order
from app.payments.models import payment
from app.web.pay import returned
from tests.journeys.shopping import to_payment
from tests.journeys.town import Town
from tests.web.house import count, read

SHOPPER = "1001"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine must not look like a slow provider."""
    monkeypatch.setattr(returned, "HOLD_LINE", 60)


def path_of(url: str) -> str:
    return urlsplit(url).path


async def come_back(here: Town, path: str) -> httpx.Response:
    """Opens the return page while the house works."""
    asked = asyncio.create_task(here.browser.get(path))
    while not asked.done():
        await here.rest()
        await asyncio.sleep(0.01)
    return await asked


async def after(here: Town, outcome: str) -> str:
    """Lets the shopper answer the provider's page; the path they come back to."""
    await to_payment(here, SHOPPER)
    done = await here.pay(SHOPPER, outcome)
    return path_of(done.headers["location"])


async def test_paid(here: Town):
    answer = await come_back(here, await after(here, "approve"))
    page = read(answer)
    assert answer.status_code == 200
    assert "Paid, thank you" in page.text
    assert "₩18,000" in page.text
    assert "refresh" not in answer.headers
    assert [one for one in page.all("button") if "data-close" in one]


async def test_declined(here: Town):
    answer = await come_back(here, await after(here, "decline"))
    assert "did not go through" in read(answer).text


async def test_paid_twice_is_paid_once(here: Town):
    answer = await come_back(here, await after(here, "double"))
    assert "Paid, thank you" in read(answer).text
    assert here.refunded() == [18000]


async def test_another_amount(here: Town):
    answer = await come_back(here, await after(here, "wrong-amount"))
    assert "a person looks at it" in " ".join(read(answer).text.split())


async def test_a_lost_webhook_does_not_matter(here: Town):
    here.provider.drop_webhooks = True
    path = await after(here, "approve")
    assert [one["state"] for one in await here.orders()] == ["awaiting_payment"]
    answer = await come_back(here, path)
    assert "Paid, thank you" in read(answer).text
    assert [one["state"] for one in await here.orders()] == ["paid"]


async def test_while_nothing_is_known_it_waits_and_looks_again(here: Town, monkeypatch):
    monkeypatch.setattr(returned, "HOLD_LINE", 0.3)
    await to_payment(here, SHOPPER)
    here.provider.drop_webhooks = True
    page = await here.open_provider(SHOPPER)
    done = await here.browser.post(path_of(page), data={"outcome": "delay"})
    path = path_of(done.headers["location"])
    answer = await come_back(here, path)
    assert answer.headers["refresh"] == "3"
    assert "Waiting for your bank" in read(answer).text
    asked = await count(here.dangol.engine, "outbox")
    for _ in range(3):  # however often it is loaded, the provider is asked once in a while
        await here.browser.get(path)
    assert await count(here.dangol.engine, "outbox") == asked


async def test_other_ends_of_an_order(here: Town):
    path = await after(here, "approve")
    for state, words in (
        ("refunded", "was refunded"),
        ("cancelled", "was cancelled"),
        ("expired", "ran out"),
        ("shipped", "Paid, thank you"),
    ):
        async with here.dangol.engine.write() as unit:
            await unit.run(update(shop_order).values(state=state))
        assert words in read(await here.browser.get(path)).text
    async with here.dangol.engine.write() as unit:
        await unit.run(update(payment).values(kept=False))
    assert "paid already" in read(await here.browser.get(path)).text


async def test_after_the_time_ran_out(here: Town):
    await to_payment(here, SHOPPER)
    page = await here.open_provider(SHOPPER)
    here.provider.drop_webhooks = True
    done = await here.browser.post(path_of(page), data={"outcome": "approve"})
    await here.wait(minutes=40)
    answer = await come_back(here, path_of(done.headers["location"]))
    assert answer.status_code == 200
    assert re.search(r"Paid|ran out|refunded", read(answer).text)
    assert await here.audit() == {}
    here.clock.moment += timedelta(days=1)
    assert (await here.browser.get(path_of(done.headers["location"]))).status_code == 200
