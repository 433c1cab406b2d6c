"""Deliveries as platforms really make them: repeated, shuffled, late, batched, forged."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.inbox.models import inbox
from app.journal.models import journal
from app.outbox.models import outbox
from tests.journeys.shopping import buy_a_mug, to_payment
from tests.journeys.town import ACCOUNT, Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


async def rows(here: Town) -> dict[str, int]:
    async with here.dangol.engine.read() as unit:
        return {
            table.name: int(await unit.value(select(func.count()).select_from(table)))
            for table in (inbox, outbox, journal)
        }


async def test_every_event_five_times_makes_the_rows_of_once(here: Town):
    await buy_a_mug(here, "1001")
    before, sent = await rows(here), len(here.instagram.log)
    again = [hook for hook in here.posted for _ in range(5)]
    random.Random(5).shuffle(again)
    for hook in again:
        await here.browser.post(
            f"/hooks/instagram/{ACCOUNT}", content=hook.body, headers=hook.headers
        )
    await here.rest()
    assert await rows(here) == before
    assert len(here.instagram.log) == sent
    assert await here.audit() == {}


@pytest.mark.parametrize("seed", range(4))
async def test_whole_histories_shuffled_end_legally(here: Town, seed: int):
    """Several people's histories, every delivery repeated and in any order."""
    people = ["1001", "1002", "1003"]
    hooks = []
    for person in people:
        hooks += [
            here.instagram.comment(person, "#moonmug black"),
            here.instagram.say(person, "white please"),
            here.instagram.say(person, "2"),
            here.instagram.say(person, "김미나 서울 강남구 테헤란로 152 5층 06236 010-2345-6789"),
            here.instagram.say(person, "cancel"),
        ]
    hooks = hooks * 2
    random.Random(seed).shuffle(hooks)
    for hook in hooks:
        await here.post(hook)
        if seed % 2:
            await here.rest()
    await here.rest()
    await here.wait(hours=26)
    assert await here.audit() == {}


async def test_a_batch_with_one_broken_item_works_off_its_neighbours(here: Town):
    first = here.instagram.comment("1001", "#moonmug black")
    second = here.instagram.comment("1002", "#moonmug white")
    body: dict[str, Any] = here.instagram.batch(first, second).payload
    broken = {"field": "comments", "value": 7}
    body["entry"].insert(1, {"id": ACCOUNT, "time": 1, "changes": [broken]})
    await here.post(here.signed(body))
    await here.rest()
    assert "black" in here.last("1001")
    assert "white" in here.last("1002")


async def test_a_late_event_is_applied_and_moves_nothing_backwards(here: Town):
    late = here.instagram.comment("1001", "#moonmug white")
    await here.wait(minutes=5)
    await buy_a_mug(here, "1001")
    await here.post(late)
    await here.rest()
    assert [order["state"] for order in await here.orders()] == ["paid"]
    assert await here.audit() == {}


async def test_refusals_leave_no_row_and_say_why(here: Town):
    before = await rows(here)
    hook = here.instagram.comment("1001", "#moonmug black")
    forged = {**hook.headers, "x-hub-signature-256": "sha256=" + "0" * 64}
    url = f"/hooks/instagram/{ACCOUNT}"
    answers = [
        await here.browser.post(url, content=hook.body, headers=forged),
        await here.browser.post(url, content=hook.body),
        await here.browser.post("/hooks/instagram/999", content=hook.body, headers=hook.headers),
        await here.browser.post("/hooks/nowhere/1", content=hook.body, headers=hook.headers),
        await here.browser.post(url, content=b"x" * (3 * 1024 * 1024 + 1), headers=hook.headers),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 404, 404, 413]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail", "code"}
    assert await rows(here) == before


async def test_the_handshake_answers_the_challenge(here: Town):
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    url = f"/hooks/instagram/{ACCOUNT}"
    right = await here.browser.get(url, params={**query, "hub.verify_token": "hanok-verify"})
    wrong = await here.browser.get(url, params={**query, "hub.verify_token": "guess"})
    assert (right.status_code, right.text) == (200, "1158201444")
    assert wrong.status_code == 401


async def test_an_entry_for_a_strangers_account_is_recorded_without_effect(here: Town):
    hook = here.instagram.comment("1001", "#moonmug black")
    body: dict[str, Any] = hook.payload
    body["entry"][0]["id"] = "666"
    await here.post(here.signed(body))
    await here.rest()
    async with here.dangol.engine.read() as unit:
        row = await unit.only(select(inbox.c.status, inbox.c.kind, inbox.c.note))
    assert tuple(row) == ("ignored", "not-ours", "not ours: 666")
    assert here.chat("1001") == []


async def test_two_workers_never_work_on_one_lane_at_once(here: Town):
    await to_payment(here, "1001")
    for number in range(12):
        await here.post(here.instagram.say("1001", f"help {number}"))
    second = here.rebuild()
    await asyncio.gather(
        *(loop.drain.once() for loop in (here.dangol, second) for _ in range(6)),
    )
    await here.rest()
    await second.close()
    async with here.dangol.engine.read() as unit:
        seqs = [row.seq for row in await unit.rows(select(journal.c.seq).order_by(journal.c.seq))]
    assert seqs == list(range(1, len(seqs) + 1))
    assert await here.audit() == {}
