"""What people send besides answers: every kind of text, media, edits; nothing hurts the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.town import Town, town

TEXTS = (
    "😀👩‍👩‍👧‍👦🇰🇷",
    "שלום, אני רוצה לקנות",
    "a" * 10_000,
    "​‌‍⁠﻿",
    "’; DROP TABLE shop_order; --",
    "<script>alert(1)</script>",
    "{name} %s %(x)s ${HOME}",
    "ㅋㅋㅋㅋㅋㅋ",
    "\u202eReversed\u202c",
    "à́̂̃̄̅̆̇̈",
    " ",
)


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


@pytest.mark.parametrize("text", TEXTS)
async def test_any_text_gets_an_answer_and_the_sale_goes_on(here: Town, text: str):
    await here.comment("1001", f"#moonmug {text}"[:2000])
    await here.say("1001", "black")
    await here.say("1001", text)
    assert here.instagram.thread("1001")[-1].side == "shop"
    assert all(len(bubble.text.encode()) <= 1000 for bubble in here.instagram.thread("1001")
               if bubble.side == "shop")  # fmt: skip
    assert await here.audit() == {}


async def test_media_edits_reactions_and_unsends_are_taken_in(here: Town):
    await here.comment("1001", "#moonmug black")
    for kind in ("image", "audio", "video", "like_heart", "sticker", "something_new"):
        await here.post(here.instagram.media("1001", kind))
        await here.rest()
    said = await here.say("1001", "blak")
    await here.post(here.instagram.edit("1001", said.id, "black"))
    await here.post(here.instagram.unsend("1001", said.id))
    last = [bubble for bubble in here.instagram.thread("1001") if bubble.side == "shop"][-1]
    await here.post(here.instagram.react("1001", last.id))
    await here.post(here.instagram.read("1001"))
    await here.post(here.instagram.referral("1001", "autumn"))
    await here.rest()
    assert not here.instagram.refused
    assert await here.audit() == {}


async def test_a_clock_that_jumps_does_no_harm(here: Town):
    from datetime import timedelta

    await here.comment("1001", "#moonmug black")
    await here.tap("1001", "Buy")
    here.clock.moment -= timedelta(minutes=10)
    await here.say("1001", "help")
    here.clock.moment += timedelta(days=2)
    await here.rest()
    await here.say("1001", "help")
    assert await here.audit() == {}
