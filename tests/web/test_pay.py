"""The payment page: what it shows, that a GET changes nothing, and every way a press can end."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select, update

from app.conversations.links import open_link
from app.conversations.models import link
from app.inbox.models import inbox
from app.inbox.turns import Done, finish
from tests.journeys.shopping import to_payment
from tests.journeys.town import Town
from tests.web.house import HOSTILE, count, everything, pages, read, visiting

SHOPPER = "1001"


def path_of(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


async def link_page(here: Town) -> str:
    """The path of a fresh payment link."""
    await to_payment(here, SHOPPER)
    return path_of(here.link(SHOPPER, "/pay/"))


def form_of(answer: httpx.Response) -> dict[str, str]:
    fields = read(answer).all("input")
    return {str(one["name"]): str(one["value"]) for one in fields}


async def press(here: Town, browser: httpx.AsyncClient, path: str, form: Any) -> httpx.Response:
    """Sends the form while the house works."""
    pressed = asyncio.create_task(browser.post(path, data=form))
    while not pressed.done():
        await here.rest()
        await asyncio.sleep(0.01)
    return await pressed


# --- what it shows ------------------------------------------------------------------------------


async def test_it_shows_what_is_bought_and_what_it_costs(here: Town):
    path = await link_page(here)
    page = read(await here.browser.get(path))
    words = " ".join(page.text.split())
    for part in ("Hanok", "Moon mug", "₩15,000", "parcel", "₩3,000", "₩18,000", "Kept for you"):
        assert part in words, part
    assert "010-****-6789" in words
    assert "테헤란로 152" not in words
    [form] = page.all("form")
    assert form["method"] == "post"
    assert page.all("meta")


async def test_it_shows_each_language(here: Town):
    path = await link_page(here)
    async with here.dangol.engine.write() as unit:
        row = await unit.row(select(link).where(link.c.purpose == "pay"))
        assert row is not None
        changed = update(link).where(link.c.id == row.id)
        await unit.run(changed.values(body={**row.body, "language": "ko"}))
    page = read(await here.browser.get(path))
    assert "주문 내용을 확인해 주세요" in page.text
    assert page.all("html")[0]["lang"] == "ko"


async def test_a_get_changes_nothing(here: Town):
    """Chat apps fetch previews."""
    path = await link_page(here)
    before = await everything(here.dangol.engine)
    for method in ("GET", "HEAD", "GET"):
        await here.browser.request(method, path, headers={"user-agent": "facebookexternalhit/1.1"})
    await here.rest()
    assert await everything(here.dangol.engine) == before


async def test_only_a_post_pays(here: Town):
    path = await link_page(here)
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await here.browser.request(method, path)).status_code == 405


# --- presses ------------------------------------------------------------------------------------


async def test_a_press_leads_to_the_provider(here: Town):
    path = await link_page(here)
    form = form_of(await here.browser.get(path))
    answer = await press(here, here.browser, path, form)
    assert answer.status_code == 303
    assert "/sandbox/" in answer.headers["location"]
    assert [one["state"] for one in await here.orders()] == ["awaiting_payment"]


async def test_a_double_press_is_one_press(here: Town):
    path = await link_page(here)
    form = form_of(await here.browser.get(path))
    before = await count(here.dangol.engine, "inbox")
    both = asyncio.gather(*(press(here, here.browser, path, form) for _ in range(3)))
    places = {answer.headers["location"] for answer in await both}
    assert len(places) == 1
    async with here.dangol.engine.read() as unit:
        kinds = await unit.rows(select(inbox.c.kind).where(inbox.c.id > before))
    assert [row.kind for row in kinds].count("pay-requested") == 1


async def test_two_renderings_still_make_one_order(here: Town):
    path = await link_page(here)
    forms = [form_of(await here.browser.get(path)) for _ in range(2)]
    assert forms[0]["nonce"] != forms[1]["nonce"]
    places = [await press(here, here.browser, path, form) for form in forms]
    assert len({answer.headers["location"] for answer in places}) == 1
    assert await count(here.dangol.engine, "shop_order") == 1


async def test_a_press_without_a_nonce_works(here: Town):
    path = await link_page(here)
    answer = await press(here, here.browser, path, {"provider": "sandbox"})
    assert answer.status_code == 303


async def test_a_method_the_shop_has_not(here: Town):
    path = await link_page(here)
    for provider in ("", "stripe", *HOSTILE):
        answer = await here.browser.post(path, data={"provider": provider})
        assert answer.status_code == 422
        read(answer)


async def test_forms_that_are_none(here: Town):
    path = await link_page(here)
    for body in (b"", b"\xff\xfe", b"a=" + b"b" * 20_000, b"&".join([b"a=b"] * 500), b"{}"):
        answer = await here.browser.post(path, content=body)
        assert answer.status_code == 422
        read(answer)
    assert await count(here.dangol.engine, "shop_order") == 0


# --- links that are over ------------------------------------------------------------------------


async def test_a_token_that_is_not_ours(here: Town):
    for token in ("x", "a.b", "..", *(quote(text[:200], safe="") for text in HOSTILE)):
        for path in (f"/pay/{token}", f"/pay/{token}/wait", f"/pay/{token}/return"):
            answer = await here.browser.get(path, headers={"accept-language": "ko"})
            assert answer.status_code == 404, path
            if answer.headers["content-type"].startswith("text/html"):
                assert "저희가 보낸 링크가 아니에요" in read(answer).text
            assert "alert(1)" not in answer.text
        assert (await here.browser.post(f"/pay/{token}")).status_code in (404, 405)


async def test_a_link_of_the_other_kind_opens_nothing(here: Town):
    path = await link_page(here)
    other = path.replace("/pay/", "/address/")
    assert (await here.browser.get(other)).status_code == 404


async def test_a_link_that_ran_out(here: Town):
    path = await link_page(here)
    here.clock.moment += timedelta(hours=1)
    for method in ("GET", "POST"):
        answer = await here.browser.request(method, path)
        assert answer.status_code == 410
        assert "Nothing was charged" in read(answer).text


async def test_a_link_of_an_older_cart(here: Town):
    path = await link_page(here)
    await here.say(SHOPPER, "#moonmug white two please")
    if here.link(SHOPPER, "/pay/").endswith(path):
        async with here.dangol.engine.write() as unit:
            await unit.run(update(link).values(voided_at=unit.now))
    for method in ("GET", "POST"):
        answer = await here.browser.request(method, path)
        assert answer.status_code == 410
        assert "newest link" in read(answer).text


async def test_a_link_that_is_paid(here: Town):
    path = await link_page(here)
    await here.pay(SHOPPER)
    shown = await here.browser.get(path)
    assert shown.status_code == 200
    assert "paid already" in read(shown).text
    pressed = await here.browser.post(path, data={"provider": "sandbox"})
    assert pressed.status_code == 409
    assert "paid already" in read(pressed).text


# --- outcomes -----------------------------------------------------------------------------------

OUTCOMES = [
    ({"code": "changed"}, 409, "newest link"),
    ({"code": "sold-out"}, 409, "Just sold out"),
    ({"code": "no-address"}, 409, "The address is missing"),
    ({"code": "no-delivery"}, 409, "do not deliver"),
    ({"code": "not-payable"}, 409, "cannot be paid right now"),
    ({"code": "something-new"}, 409, "cannot be paid right now"),
    ({"code": "paid"}, 409, "newest link"),
    ({"code": "placed", "order_id": "ord_none"}, 202, "One moment"),
]


async def answered_by_hand(here: Town, path: str, done: dict[str, Any]) -> httpx.Response:
    """Presses while the drain stands still, and gives the event this end."""
    app = pages(here.dangol.context, wait_seconds=1.5)
    async with visiting(app) as browser:
        pressed = asyncio.create_task(browser.post(path, data={"provider": "sandbox"}))
        while not pressed.done():
            async with here.dangol.engine.write() as unit:
                row = await unit.row(select(inbox.c.id).where(inbox.c.kind == "pay-requested"))
                if row is not None:
                    await finish(unit, [Done(id=row.id, lane_id="ln_x", **done)])
                    break
            await asyncio.sleep(0.01)
        return await pressed


@pytest.mark.parametrize(("outcome", "status", "words"), OUTCOMES)
async def test_each_outcome_has_its_page(
    here: Town, outcome: dict[str, str], status: int, words: str
):
    path = await link_page(here)
    answer = await answered_by_hand(here, path, {"outcome": outcome})
    assert answer.status_code == status
    assert words in read(answer).text


async def test_an_event_that_was_set_aside(here: Town):
    path = await link_page(here)
    answer = await answered_by_hand(here, path, {"status": "parked", "note": "Traceback: boom"})
    assert answer.status_code == 503
    assert "boom" not in read(answer).text


async def test_an_outcome_that_takes_longer_has_a_page_that_looks_again(here: Town):
    path = await link_page(here)
    async with visiting(pages(here.dangol.context, wait_seconds=0.1)) as browser:
        first = await browser.post(path, data={"provider": "sandbox"})
        assert first.status_code == 202
        assert first.headers["refresh"] == f"2; url={path}/wait"
        assert "One moment" in read(first).text
        for _ in range(50):
            await here.rest()
            again = await browser.get(f"{path}/wait")
            if again.status_code == 303:
                break
        assert "/sandbox/" in again.headers["location"]


async def test_waiting_for_nothing_leads_back(here: Town):
    path = await link_page(here)
    answer = await here.browser.get(f"{path}/wait")
    assert (answer.status_code, answer.headers["location"]) == (303, path)


# --- strangers' words ---------------------------------------------------------------------------


async def test_hostile_words_stay_words(here: Town):
    await to_payment(here, SHOPPER)
    for text in HOSTILE:
        await stays_text(here, text)


async def stays_text(here: Town, text: str) -> None:
    engine = here.dangol.engine
    line = {"kind": "item", "words": text, "image": text, "quantity": 1, "unit": 5, "amount": 5}
    words = text.replace("\u0000", "")
    body = {
        "language": "en",
        "lines": [{**line, "words": words, "image": words}],
        "total": 5,
        "currency": "KRW",
        "address": words,
        "held_until": None,
        "providers": ["sandbox", words],
    }
    async with engine.write() as unit:
        row = await unit.row(select(link))
        assert row is not None
        until = unit.now + timedelta(hours=1)
        token = await open_link(unit, row.shop_id, row.lane_id, "pay", body, until, 99)
    answer = await here.browser.get(f"/pay/{token}")
    assert answer.status_code == 200
    page = read(answer)
    assert words.strip() in page.text or len(text) > 1000
    assert not [one for one in page.all("img") if one["src"] == words]
