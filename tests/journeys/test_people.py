"""Who is who: authors and senders with different ids, several chats, many shoppers at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.catalog.models import hold, variant
from app.orders.models import shop_order
from bots.instagram.fake import Hook
from tests.journeys.shopping import ADDRESS, buy_a_mug
from tests.journeys.town import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


async def test_a_known_shopper_answers_twice(here: Town):
    await buy_a_mug(here, "1001")
    before = len([line for line in here.chat("1001") if line.startswith("person: ")])
    await here.comment("1001", "#moonmug white")
    assert "Welcome back, 김미나" in here.last("1001")
    assert "₩18,000" in here.last("1001")
    await here.tap("1001", "Buy")
    assert here.choice("1001", "Pay")
    answers = len([line for line in here.chat("1001") if line.startswith("person: ")]) - before
    assert answers == 1  # the second is the tap on Pay itself
    await here.pay("1001")
    assert len(await here.orders()) == 2
    assert await here.audit() == {}


async def test_an_author_known_by_another_id_is_joined_by_their_tap(here: Town):
    """The comment names one id, the chat another; the button tells that they are one person."""
    await here.comment("1001", "#moonmug black", author_id="author-9")
    await here.tap("1001", "Buy")
    await here.say("1001", ADDRESS)
    await here.pay("1001")
    assert [order["state"] for order in await here.orders()] == ["paid"]
    assert await here.audit() == {}


async def test_a_tap_alone_proves_who_commented(here: Town):
    """The private answer's own answer was lost: only the button tells that both are one."""

    async def no_word(_hook: Hook) -> None:
        return None

    here.instagram.listener = no_word
    here.instagram.fail_next("timeout-after", to="comment-private")
    await here.comment("1001", "#moonmug black", author_id="author-9")
    await here.wait(minutes=2)
    await here.tap("1001", "Buy")
    await here.say("1001", ADDRESS)
    await here.pay("1001")
    assert [order["state"] for order in await here.orders()] == ["paid"]
    assert await here.audit() == {}


async def test_the_chat_may_come_before_the_comment(here: Town):
    await here.say("1001", "hello")
    await here.wait(minutes=1)
    await here.comment("1001", "#moonmug black", author_id="author-9")
    await here.tap("1001", "Buy")
    await here.say("1001", ADDRESS)
    await here.pay("1001")
    assert [order["state"] for order in await here.orders()] == ["paid"]
    assert await here.audit() == {}


async def let_sends_go(here: Town) -> None:
    """The account's rate lets a hundred leave a second."""
    for _ in range(8):
        await here.wait(seconds=1)


async def test_two_hundred_shoppers_for_ten_pieces(here: Town):
    """Everybody comments, answers and orders at once: ten orders, everybody is told."""
    people = [f"p{number}" for number in range(200)]
    await asyncio.gather(
        *(here.post(here.instagram.comment(who, "#moonmug white")) for who in people)
    )
    await here.rest()
    await let_sends_go(here)
    async with here.dangol.engine.read() as unit:
        assert await unit.value(select(func.count()).select_from(hold)) == 0
    taps = [here.instagram.tap(who, here.choice(who, "Buy")) for who in people]
    await asyncio.gather(*(here.post(hook) for hook in taps))
    await here.rest()
    await let_sends_go(here)
    winners = [who for who in people if "Where should it go" in here.last(who)]
    others = [who for who in people if who not in winners]
    assert len(winners) == 10
    assert all(here.instagram.thread(who)[-1].side == "shop" for who in others)
    for who in winners:
        await here.say(who, ADDRESS)
        await here.pay(who)
    async with here.dangol.engine.read() as unit:
        paid = await unit.value(
            select(func.count()).select_from(shop_order).where(shop_order.c.state == "paid")
        )
        row = await unit.only(
            select(variant.c.on_hand, variant.c.held).where(variant.c.sku == "MM-WHITE")
        )
    assert (paid, tuple(row)) == (10, (0, 0))
    assert await here.audit() == {}


async def test_a_comment_without_an_author_is_answered_and_joined(here: Town):
    await here.comment("1001", "#moonmug black", with_author=False)
    await here.tap("1001", "Buy")
    await here.say("1001", ADDRESS)
    await here.pay("1001")
    assert [order["state"] for order in await here.orders()] == ["paid"]
    assert await here.audit() == {}


async def test_a_refund_unwinds_stock_points_and_money(here: Town):
    await buy_a_mug(here, "1001")
    await here.refund("1001")
    await here.wait(minutes=1)
    assert [order["state"] for order in await here.orders()] == ["refunded"]
    assert here.refunded() == [18000]
    assert "₩18,000" in here.last("1001")
    async with here.dangol.engine.read() as unit:
        row = await unit.only(
            select(variant.c.on_hand, variant.c.held).where(variant.c.sku == "MM-BLACK")
        )
    assert tuple(row) == (12, 0)
    assert await here.audit() == {}
