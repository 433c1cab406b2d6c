"""Sends as they really end: time-outs, limits, revoked tokens, people who left, closed windows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.merchants.read import accounts_of, shop_at
from app.outbox.models import outbox
from bots.instagram.fake import Hook
from tests.journeys.shopping import buy_a_mug, to_payment
from tests.journeys.town import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


async def sends(here: Town) -> list[tuple[str, str, str | None]]:
    """(purpose, status, rule) of everything for the platform, oldest first."""
    async with here.dangol.engine.read() as unit:
        rows = await unit.rows(
            select(outbox.c.purpose, outbox.c.status, outbox.c.rule)
            .where(outbox.c.channel == "instagram")
            .order_by(outbox.c.id)
        )
    return [(row.purpose, row.status, row.rule) for row in rows]


async def account_state(here: Town) -> str:
    async with here.dangol.engine.read() as unit:
        shop = await shop_at(unit, "hanok")
        assert shop is not None
        found = [a for a in await accounts_of(unit, shop.id) if a.channel == "instagram"]
    return found[0].state


async def test_a_comment_gets_one_private_answer_and_then_a_public_one(here: Town):
    await here.comment("1001", "#moonmug black")
    assert [sent.kind for sent in here.instagram.log] == ["comment-private", "comment-public"]
    assert "check your DM" in here.instagram.log[1].text


async def test_a_send_whose_answer_is_lost_is_settled_by_its_echo(here: Town):
    await here.comment("1001", "#moonmug black")
    here.instagram.fail_next("timeout-after", to="chat")
    await here.tap("1001", "Buy")
    await here.wait(minutes=2)
    assert here.repeated_sends() == 0
    assert all(status == "sent" for _, status, _ in await sends(here))


async def test_a_private_answer_whose_answer_is_lost_is_not_sent_again(here: Town):
    here.instagram.fail_next("timeout-after", to="comment-private")
    await here.comment("1001", "#moonmug black")
    await here.wait(minutes=2)
    assert [sent.kind for sent in here.instagram.log].count("comment-private") == 1
    await here.tap("1001", "Buy")
    assert "Where should it go" in here.last("1001")


async def test_a_send_that_never_arrived_is_sent_once(here: Town):
    await here.comment("1001", "#moonmug black")
    here.instagram.fail_next("timeout-before", to="chat")
    await here.tap("1001", "Buy")
    await here.wait(minutes=2)
    assert "Where should it go" in here.last("1001")
    assert here.repeated_sends() == 0


async def test_a_rate_limit_is_honoured_and_order_is_kept(here: Town):
    await here.comment("1001", "#moonmug black")
    here.instagram.fail_next("rate-limited", times=2, after=30)
    await here.tap("1001", "Buy")
    assert "Where should it go" not in here.last("1001")
    await here.say("1001", "help")
    await here.wait(minutes=5)
    texts = [sent.text for sent in here.instagram.log if sent.kind == "chat"]
    assert len(texts) == len(set(texts)) >= 2
    assert "Where should it go" in texts[0]


async def test_a_revoked_token_parks_the_account_and_loses_nothing(here: Town):
    await here.comment("1001", "#moonmug black")
    here.instagram.token = "new-token"
    await here.tap("1001", "Buy")
    assert await account_state(here) == "needs-reauth"
    await here.wait(minutes=30)
    assert "Where should it go" not in here.last("1001")
    await here.reconnect("new-token")
    await here.wait(minutes=1)
    assert any("Where should it go" in line for line in here.chat("1001"))


async def test_somebody_who_left_closes_their_chat_only(here: Town):
    await to_payment(here, "1001")
    here.instagram.person("1001").blocked = True
    await here.say("1001", "help")
    await buy_a_mug(here, "1002")
    assert "dead" in [status for _, status, _ in await sends(here)]
    assert "Paid" in here.last("1002")
    assert await here.audit() == {}


async def test_what_the_window_forbids_is_recorded_with_the_rules_name(here: Town):
    await buy_a_mug(here, "1001")
    await here.wait(hours=25)
    said = len(here.chat("1001"))
    await here.ship("1001")
    assert len(here.chat("1001")) == said
    assert (await sends(here))[-1] == ("shipping", "refused", "window")
    assert here.instagram.refused == []  # obeyed before sending: the platform never saw it


async def test_a_shipment_is_told_inside_the_window(here: Town):
    await buy_a_mug(here, "1001")
    await here.ship("1001")
    assert "123-456" in here.last("1001")


async def test_a_refused_template_is_said_in_plain_text(here: Town):
    here.instagram.fail_next("template-refused", to="comment-private")
    await here.comment("1001", "#moonmug black")
    (private,) = [sent for sent in here.instagram.log if sent.kind == "comment-private"]
    assert "1" in private.text
    await here.say("1001", "1")
    assert "Where should it go" in here.last("1001")


async def test_somebody_of_the_shop_typing_by_hand_silences_the_bot(here: Town):
    await here.comment("1001", "#moonmug black")
    await here.tap("1001", "Buy")
    await here.post(here.instagram.typed_by_hand("1001", "Hello, this is Jun from the shop"))
    await here.rest()
    said = len([line for line in here.chat("1001") if line.startswith("shop: ")])
    await here.say("1001", "can I have it wrapped?")
    assert len([line for line in here.chat("1001") if line.startswith("shop: ")]) == said


async def no_word(_hook: Hook) -> None:
    """The platform posts nothing of our own sends."""


async def test_what_the_platform_took_before_counts_as_sent(here: Town):
    """No answer and no echo: the second try learns that the comment was answered already."""
    here.instagram.listener = no_word
    here.instagram.fail_next("timeout-after", to="comment-private")
    await here.comment("1001", "#moonmug black")
    await here.wait(minutes=2)
    assert [sent.kind for sent in here.instagram.log].count("comment-private") == 1
    assert [status for _, status, _ in await sends(here)] == ["sent", "sent"]


async def test_an_echo_without_words_waits_for_the_send_it_may_belong_to(here: Town):
    async def wordless(hook: Hook) -> None:
        body: dict[str, Any] = hook.payload
        for entry in body["entry"]:
            for item in entry.get("messaging", []):
                item["message"].pop("text", None)
        await here.post(here.signed(body))
        await here.dangol.drain.once()

    here.instagram.listener = wordless
    await here.comment("1001", "#moonmug black")
    await here.tap("1001", "Buy")
    await here.wait(minutes=2)
    await here.say("1001", "help")
    assert here.instagram.thread("1001")[-1].side == "shop"  # the bot was not silenced


async def test_our_own_echo_may_come_before_the_answer_to_our_send(here: Town):
    """The platform posts the echo, and it takes effect, while our call still waits."""

    async def at_once(hook: Hook) -> None:
        await here.post(hook)
        await here.dangol.drain.once()

    here.instagram.listener = at_once
    await buy_a_mug(here, "1001")
    await here.wait(minutes=1)
    assert "Paid" in here.last("1001")
    await here.say("1001", "help")
    assert here.instagram.thread("1001")[-1].side == "shop"  # the bot was not silenced
    assert await here.audit() == {}


async def test_a_comment_of_last_week_is_not_answered_privately(here: Town):
    hook = here.instagram.comment("1001", "#moonmug black")
    here.clock.moment += timedelta(days=8)
    await here.post(hook)
    await here.rest()
    assert here.instagram.log == []
    assert [(status, rule) for _, status, rule in await sends(here)] == [
        ("refused", "comment-window"),
        ("dropped", None),
    ]
    assert await here.audit() == {}


async def test_a_live_comment_is_answered_only_while_on_air(here: Town):
    await here.comment("1001", "#moonmug black", live=True)
    assert [sent.kind for sent in here.instagram.log] == ["comment-private"]
    here.instagram.end_broadcast("18000000000000001")
    await here.comment("1002", "#moonmug black", live=True)
    assert len(here.instagram.log) == 1
    assert [status for _, status, _ in await sends(here)].count("sent") == 1
    assert await here.audit() == {}
