"""The address form: made for autofill, strict with what it takes, kind about what is wrong."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from app.conversations.models import link
from app.inbox.arrival import decode
from app.inbox.models import inbox
from app.inbox.turns import Done, finish
from tests.journeys.town import Town
from tests.web.house import HOSTILE, count, everything, pages, read, visiting

SHOPPER = "1001"
MINA = {
    "country": "KR",
    "name": "김미나",
    "phone": "010-2345-6789",
    "postcode": "06236",
    "region": "서울특별시",
    "city": "강남구",
    "line1": "테헤란로 152",
    "line2": "5층",
    "email": "mina@example.com",
}
JANE = {
    "country": "US",
    "name": "Jane Doe",
    "phone": "(415) 555-2671",
    "postcode": "94103",
    "region": "CA",
    "city": "San Francisco",
    "line1": "1 Market St",
}
YUKI = {
    "country": "JP",
    "name": "山田 雪",
    "phone": "03-3234-5678",
    "postcode": "1500001",
    "region": "東京都",
    "city": "渋谷区",
    "line1": "神宮前1-2-3",
}


async def form_path(here: Town) -> str:
    """The path of a fresh address form."""
    await here.comment(SHOPPER, "#moonmug black please")
    await here.tap(SHOPPER, "Buy")
    return re.sub(r"^https?://[^/]+", "", here.link(SHOPPER, "/address/"))


async def send(here: Town, path: str, form: Any) -> httpx.Response:
    """Sends the form while the house works."""
    sent = asyncio.create_task(here.browser.post(path, data=form))
    while not sent.done():
        await here.rest()
        await asyncio.sleep(0.01)
    return await sent


# --- the form -----------------------------------------------------------------------------------


async def test_every_field_can_be_filled_by_the_phone(here: Town):
    path = await form_path(here)
    for country, first in (("KR", "name"), ("US", "name"), ("JP", "name")):
        page = read(await here.browser.get(f"{path}?country={country}"))
        inputs = [*page.all("input"), *page.all("select")]
        fields = {str(one["name"]): one for one in inputs if one.get("type") != "hidden"}
        assert {str(one["autocomplete"]) for one in fields.values()} == {
            "country", "name", "tel", "email", "postal-code", "address-level1",
            "address-level2", "address-line1", "address-line2",
        }  # fmt: skip
        labelled = {one["for"] for one in page.all("label")}
        assert labelled == {one["id"] for one in fields.values()}
        assert fields["phone"]["inputmode"] == "tel"
        assert fields["email"]["type"] == "email"
        assert "required" not in fields["email"]
        assert "required" in fields[first]
        chosen = [one["value"] for one in page.all("option") if "selected" in one]
        assert chosen == [country]


async def test_each_country_orders_its_fields(here: Town):
    path = await form_path(here)
    orders = {}
    for country in ("KR", "US", "JP"):
        page = read(await here.browser.get(f"{path}?country={country}"))
        names = [
            one["id"] for tag, one in page.elements if tag in ("input", "select") and "id" in one
        ]
        orders[country] = names
        regions = [one["value"] for one in page.all("option")]
        assert {"KR": "경기도", "US": "NY", "JP": "北海道"}[country] in regions
    assert orders["US"].index("line1") < orders["US"].index("postcode")
    assert orders["KR"].index("postcode") < orders["KR"].index("line1")


async def test_a_country_without_a_form_gets_the_shops_own(here: Town):
    path = await form_path(here)
    page = read(await here.browser.get(f"{path}?country=<script>"))
    assert [one["value"] for one in page.all("option") if "selected" in one] == ["KR"]


async def test_a_get_changes_nothing(here: Town):
    path = await form_path(here)
    before = await everything(here.dangol.engine)
    await here.browser.get(path)
    await here.browser.get(f"{path}/sent")
    assert await everything(here.dangol.engine) == before


# --- sending it ---------------------------------------------------------------------------------


async def test_the_chat_goes_on_with_the_address(here: Town):
    path = await form_path(here)
    answer = await send(here, path, MINA)
    assert answer.status_code == 200
    assert "Got it" in read(answer).text
    assert "₩18,000" in here.last(SHOPPER)
    assert "김*나" in here.last(SHOPPER)


@pytest.mark.parametrize("form", [MINA, JANE, YUKI], ids=["KR", "US", "JP"])
async def test_each_shape_becomes_an_event(here: Town, form: dict[str, str]):
    path = await form_path(here)
    await send(here, path, form)
    async with here.dangol.engine.read() as unit:
        row = await unit.row(select(inbox).where(inbox.c.kind == "address-filled"))
    assert row is not None
    event: Any = decode(row.event)
    assert event.address.country == form["country"]
    assert event.address.phone.startswith("+")
    assert event.address.line1 == form["line1"]
    assert event.email == form.get("email")


async def test_a_double_press_is_one(here: Town):
    path = await form_path(here)
    form = {**MINA, "nonce": "once"}
    await asyncio.gather(*(send(here, path, form) for _ in range(3)))
    async with here.dangol.engine.read() as unit:
        rows = await unit.rows(select(inbox.c.id).where(inbox.c.kind == "address-filled"))
    assert len(rows) == 1


WRONG = [
    ({"name": " "}, "name", "who receives it"),
    ({"phone": ""}, "phone", "give a phone number"),
    ({"phone": "12"}, "phone", "not a number we can call"),
    ({"postcode": "123"}, "postcode", "does not fit"),
    ({"postcode": ""}, "postcode", "give the postcode"),
    ({"region": "Atlantis"}, "region", "no such province"),
    ({"region": ""}, "region", "give the province"),
    ({"line1": "\u200b\u200b"}, "line1", "street and number"),
    ({"city": ""}, "city", "give the city"),
    ({"email": "mina@"}, "email", "not an e-mail"),
    ({"email": "a@b.c, d@e.f"}, "email", "not an e-mail"),
    ({"name": "x" * 61}, "name", "too long"),
]


async def test_what_is_wrong_is_said_beside_its_field(here: Town):
    path = await form_path(here)
    for changed, field, words in WRONG:
        answer = await here.browser.post(path, data={**MINA, **changed})
        assert answer.status_code == 422, changed
        page = read(answer)
        marked = [one for tag, one in page.elements if one.get("aria-invalid") == "true"]
        assert [one["name"] for one in marked] == [field], changed
        assert marked[0]["aria-describedby"] == f"{field}-error"
        assert words in page.text, changed
        kept = {one["name"]: one.get("value") for one in page.all("input")}
        assert kept["line2"] == "5층"
    assert here.last(SHOPPER).startswith("Where")


async def test_a_country_we_have_no_form_for(here: Town):
    path = await form_path(here)
    answer = await here.browser.post(path, data={**MINA, "country": "FR"})
    assert answer.status_code == 422
    assert "cannot take addresses of that country" in read(answer).text


async def test_another_country_without_scripts(here: Town):
    path = await form_path(here)
    answer = await here.browser.post(path, data={**MINA, "country": "US", "switch": "1"})
    page = read(answer)
    assert answer.status_code == 200
    values = {one["name"]: one.get("value") for one in page.all("input")}
    assert values["name"] == "김미나"
    assert "State" in page.text


async def test_hostile_words_stay_words(here: Town):
    path = await form_path(here)
    for text in HOSTILE:
        for field in MINA:
            answer = await here.browser.post(path, data={**MINA, "phone": "no", field: text})
            assert answer.status_code == 422
            read(answer)
    assert await count(here.dangol.engine, "shop_order") == 0


# --- forms that are over ------------------------------------------------------------------------


async def test_a_form_that_ran_out_or_was_replaced(here: Town):
    path = await form_path(here)
    async with here.dangol.engine.write() as unit:
        await unit.run(update(link).values(voided_at=unit.now))
    for method in ("GET", "POST"):
        answer = await here.browser.request(method, path)
        assert answer.status_code == 410
        assert "newest link" in read(answer).text
    async with here.dangol.engine.write() as unit:
        await unit.run(update(link).values(voided_at=None))
    here.clock.moment += timedelta(hours=3)
    answer = await here.browser.get(path)
    assert answer.status_code == 410
    assert "run out" in read(answer).text


async def by_hand(here: Town, path: str, done: dict[str, Any]) -> httpx.Response:
    async with visiting(pages(here.dangol.context, wait_seconds=1.5)) as browser:
        sent = asyncio.create_task(browser.post(path, data=MINA))
        while not sent.done():
            async with here.dangol.engine.write() as unit:
                row = await unit.row(select(inbox.c.id).where(inbox.c.kind == "address-filled"))
                if row is not None:
                    await finish(unit, [Done(id=row.id, lane_id="ln_x", **done)])
                    break
            await asyncio.sleep(0.01)
        return await sent


async def test_where_we_do_not_deliver(here: Town):
    path = await form_path(here)
    answer = await by_hand(here, path, {"outcome": {"code": "no-delivery"}})
    assert answer.status_code == 409
    assert "do not deliver" in read(answer).text


async def test_an_event_that_was_set_aside(here: Town):
    answer = await by_hand(here, await form_path(here), {"status": "parked", "note": "boom"})
    assert answer.status_code == 503
    assert "boom" not in read(answer).text


async def test_a_slow_house_has_a_page_that_looks_again(here: Town, monkeypatch):
    monkeypatch.setattr("app.web.address.routes.HOLD_LINE", 0.1)
    path = await form_path(here)
    async with visiting(pages(here.dangol.context, wait_seconds=0.1)) as browser:
        first = await browser.post(path, data=MINA)
        assert (first.status_code, first.headers["location"]) == (303, f"{path}/sent")
        waiting = await browser.get(f"{path}/sent")
        assert waiting.status_code == 202
        assert waiting.headers["refresh"] == f"2; url={path}/sent"
        await here.rest()
        assert "Got it" in read(await browser.get(f"{path}/sent")).text
