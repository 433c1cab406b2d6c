"""Conversations over the API: what was said, who steps in, what did not arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.core.clock import FixedClock
from app.inbox.models import inbox
from app.outbox.models import outbox
from tests.journeys.shopping import to_payment
from tests.journeys.town import town
from tests.web.api.room import Office, open_office

MINA, JUN = "1001", "1002"


@pytest.fixture
async def office(database_url: str, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Office]:
    async with town(database_url, tmp_path, clock) as here:
        made = await open_office(here)
        yield made
        await made.client.aclose()


async def chat_of(office: Office) -> dict[str, Any]:
    [chat] = await office.items("/conversations")
    found: dict[str, Any] = chat
    return found


async def test_a_product_made_over_the_api_sells_in_the_next_comment(office: Office):
    await office.here.comment(MINA, "#moonmug black")  # the worker has its snapshot by now
    product = await office.ask(
        "POST",
        "/products",
        {
            "slug": "tea-bowl",
            "title": {"en": "Tea bowl", "ko": "찻사발"},
            "variants": [{"sku": "TB", "price": 25000, "stock": 3}],
        },
    )
    assert product.status_code == 201, product.text
    campaign = {"slug": "bowl", "hashtag": "#teabowl", "product_ids": [product.json()["id"]]}
    assert (await office.ask("POST", "/campaigns", campaign)).status_code == 201
    await office.here.comment(JUN, "#teabowl please")
    assert "Tea bowl" in office.here.last(JUN)


async def test_a_transcript_tells_both_sides_in_order(office: Office):
    await to_payment(office.here, MINA)
    chat = await chat_of(office)
    assert (chat["channel"], chat["person"]) == ("instagram", False)
    path = f"/conversations/{chat['id']}/transcript"
    whole = await office.items(f"{path}?limit=200")
    assert [one["at"] for one in whole] == sorted(one["at"] for one in whole)
    assert whole[0]["kind"] == "commented"
    assert whole[0]["text"].startswith("#moonmug black")
    assert "comment-private" in [one["kind"] for one in whole]
    said = [one for one in whole if one["side"] == "in"]
    assert [one["kind"] for one in said] == ["commented", "tapped", "said"]
    walked: list[Any] = []
    cursor = ""
    for _ in range(100):
        page = await office.read(f"{path}?limit=1{cursor}")
        walked += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert walked == whole


async def test_a_person_takes_over_replies_and_hands_back(office: Office):
    await to_payment(office.here, MINA)
    chat = await chat_of(office)
    path = f"/conversations/{chat['id']}"
    taken = await office.ask("POST", f"{path}/take-over")
    assert (taken.status_code, taken.json()["status"]) == (200, "done")
    assert (await office.read(path))["person"] is True
    before = len(office.here.chat(MINA))
    await office.here.say(MINA, "hello?")
    assert len(office.here.chat(MINA)) == before + 1  # the bot is silent
    replied = await office.ask("POST", f"{path}/reply", {"text": "It ships tomorrow!"})
    assert replied.status_code == 200
    await office.here.rest()
    assert "It ships tomorrow!" in office.here.last(MINA)
    assert [one["id"] for one in await office.items("/conversations?person=true")] == [chat["id"]]
    assert await office.items("/conversations?person=false") == []
    back = await office.ask("POST", f"{path}/hand-back")
    assert back.status_code == 200
    assert (await office.read(path))["person"] is False
    words = [one["text"] for one in await office.items(f"{path}/transcript?limit=200")]
    assert words.count("It ships tomorrow!") == 2  # what the merchant said, and that it was sent


async def test_conversations_are_filtered(office: Office):
    await to_payment(office.here, MINA)
    await office.here.say(MINA, "a person please")
    for query, count in (
        ("channel=instagram", 1), ("channel=web", 0), ("changed_since=2026-11-01T00:00:00Z", 1),
        ("changed_since=2027-11-01T00:00:00Z", 0), ("limit=1", 1),
    ):  # fmt: skip
        assert len(await office.items(f"/conversations?{query}")) == count, query
    waiting = await office.items("/conversations?waiting=true")
    idle = await office.items("/conversations?waiting=false")
    assert len(waiting) + len(idle) == 1


async def test_what_a_rule_refuses_is_a_dead_letter_with_its_name(office: Office, clock):
    await to_payment(office.here, MINA)
    chat = await chat_of(office)
    clock.moment += timedelta(hours=25)
    await office.here.rest()
    answer = await office.ask(
        "POST", f"/conversations/{chat['id']}/reply", {"text": "Still there?"}
    )
    assert answer.status_code == 200
    await office.here.rest()
    letters = await office.items("/dead-letters")
    [letter] = [one for one in letters if one["text"] == "Still there?"]
    assert (letter["side"], letter["status"]) == ("out", "refused")
    assert letter["rule"]
    again = await office.ask("POST", f"/dead-letters/{letter['id']}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "refused-by-rule")


async def test_a_parked_event_is_listed_without_its_trace_and_tried_again(office: Office):
    await office.here.comment(MINA, "#moonmug black")
    engine = office.here.dangol.engine
    async with engine.write() as unit:
        note = "Traceback (most recent call last):\n  File x\nValueError: it was odd"
        await unit.run(
            update(inbox)
            .where(inbox.c.kind == "commented")
            .values(status="parked", note=note, done_at=unit.now, attempts=5)
        )
    [letter] = await office.items("/dead-letters")
    assert (letter["side"], letter["status"], letter["why"]) == (
        "in", "parked", "ValueError: it was odd",
    )  # fmt: skip
    path = f"/dead-letters/{letter['id']}/retry"
    again = await office.ask("POST", path)
    assert (again.status_code, again.json()["status"]) == (200, "new")
    await office.here.rest()
    assert await office.items("/dead-letters") == []
    twice = await office.ask("POST", path)
    assert (twice.status_code, twice.json()["code"]) == (409, "not-parked")


async def test_dead_letters_of_both_sides_are_walked_once(office: Office, clock):
    await to_payment(office.here, MINA)
    await office.here.comment(JUN, "#moonmug white")
    async with office.here.dangol.engine.write() as unit:
        lost = {"status": "dead", "error": "gone", "done_at": unit.now}
        await unit.run(update(outbox).where(outbox.c.status == "sent").values(**lost))
        parked = {"status": "parked", "note": "x", "done_at": unit.now}
        await unit.run(update(inbox).where(inbox.c.status == "done").values(**parked))
    whole = await office.items("/dead-letters?limit=200")
    walked: list[Any] = []
    cursor = ""
    for _ in range(100):
        page = await office.read(f"/dead-letters?limit=2{cursor}")
        walked += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert walked == whole
    assert {one["side"] for one in whole} == {"in", "out"}
    assert len({one["id"] for one in whole}) == len(whole) > 6


async def test_no_pay_link_is_in_the_log(office: Office):
    await to_payment(office.here, MINA)
    pay = office.here.link(MINA, "/pay/").rpartition("/")[2]
    for path in ("/events?limit=200", "/outbox?limit=200"):
        answer = await office.ask("GET", path)
        assert pay not in answer.text
