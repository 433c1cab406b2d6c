"""Points: a ledger whose entries sum to zero, never below nothing, told to the shopper."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.core.errors import Broken, NotFound, Rejected
from app.core.money import Money
from app.members.contact import person
from app.members.earn import Earned, earn, take_back
from app.members.ledger import SHOP, Booking, book
from app.members.models import points_account
from tests.factories.members import audited, join_in, open_club

FIRST = Money(15_000, "KRW")


@pytest.fixture
async def shop(engine):
    return await open_club(engine)


@pytest.fixture
async def mina(engine, shop):
    _, member_id = await join_in(engine, shop)
    return member_id


async def give(engine, shop, member_id, order="ord-1", money=FIRST):
    async with engine.write() as unit:
        return await earn(unit, shop, member_id, order, money)


async def take(engine, shop, member_id, order="ord-1"):
    async with engine.write() as unit:
        return await take_back(unit, shop, member_id, order)


async def spend(engine, shop, member_id, points):
    """As if the member had spent them."""
    async with engine.write() as unit:
        entries = {("member", member_id): -points, SHOP: points}
        booking = Booking("spend", "gift", member_id, -points, 0)
        await book(unit, shop.id, booking, entries)


async def test_one_percent_of_what_was_paid(engine, shop, mina):
    assert await give(engine, shop, mina) == Earned(
        150, 150, "green", "gold", Money(285_000, "KRW")
    )
    assert await audited(engine) == ()


async def test_an_order_earns_once(engine, shop, mina):
    once = await give(engine, shop, mina)
    assert await give(engine, shop, mina) == once
    assert (await give(engine, shop, mina, "ord-2")).balance == 300
    assert await audited(engine) == ()


async def test_a_tier_is_reached_by_the_order_that_reaches_it(engine, shop, mina):
    assert (await give(engine, shop, mina, "o1", Money(299_999, "KRW"))).tier == "green"
    reached = await give(engine, shop, mina, "o2", Money(1, "KRW"))
    assert (reached.points, reached.tier, reached.next_tier, reached.to_next_tier) == (
        0, "gold", None, None,
    )  # fmt: skip
    assert (await take(engine, shop, mina, "o2")).tier == "green"


async def test_a_refund_takes_back_what_the_order_gave(engine, shop, mina):
    await give(engine, shop, mina)
    await give(engine, shop, mina, "ord-2")
    taken = await take(engine, shop, mina)
    assert (taken.points, taken.balance, taken.to_next_tier) == (-150, 150, Money(285_000, "KRW"))
    assert await take(engine, shop, mina) == taken
    assert await audited(engine) == ()


async def test_what_gave_nothing_takes_nothing(engine, shop, mina):
    taken = await take(engine, shop, mina, "never paid")
    assert (taken.points, taken.balance) == (0, 0)


async def test_points_that_are_spent_become_owed_and_are_netted_later(engine, shop, mina):
    await give(engine, shop, mina)
    await spend(engine, shop, mina, 100)
    assert (await take(engine, shop, mina)).balance == 0
    assert await audited(engine) == ()
    later = await give(engine, shop, mina, "ord-2", Money(8_000, "KRW"))
    assert (later.points, later.balance) == (80, 0)
    last = await give(engine, shop, mina, "ord-3", Money(5_000, "KRW"))
    assert (last.points, last.balance) == (50, 30)
    assert await audited(engine) == ()


async def test_the_shopper_sees_the_same(engine, shop):
    contact, member_id = await join_in(engine, shop)
    await give(engine, shop, member_id, money=Money(300_000, "KRW"))
    async with engine.read() as unit:
        known = await person(unit, shop, contact)
    assert (known.points, known.tier) == (3_000, "gold")


async def test_orders_paid_at_the_same_moment_all_count(engine, shop, mina):
    await asyncio.gather(
        *(give(engine, shop, mina, f"ord-{number // 2}") for number in range(20)),
        take(engine, shop, mina, "ord-3"),
    )
    await take(engine, shop, mina, "ord-3")
    assert (await take(engine, shop, mina, "none")).balance == 9 * 150
    assert await audited(engine) == ()


async def test_another_currency_or_member_is_refused(engine, shop, mina):
    with pytest.raises(Rejected):
        await give(engine, shop, mina, money=Money(1500, "USD"))
    with pytest.raises(NotFound):
        await give(engine, shop, "mem_nobody")
    other = await open_club(engine, "other")
    with pytest.raises(NotFound):
        await give(engine, other, mina)


async def test_entries_that_do_not_sum_to_zero_are_not_booked(engine, shop, mina):
    booking = Booking("earn", "ord-1", mina, 150, 15_000)
    with pytest.raises(Broken, match="zero"):
        async with engine.write() as unit:
            await book(unit, shop.id, booking, {("member", mina): 150})


@pytest.mark.parametrize(("side", "balance"), [("member", -1), ("owed", 1)])
async def test_the_table_itself_refuses_a_balance_below_nothing(engine, shop, mina, side, balance):
    change = update(points_account).where(points_account.c.side == side).values(balance=balance)
    with pytest.raises(IntegrityError):
        async with engine.write() as unit:
            await unit.run(change)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("UPDATE points_entry SET amount = 1 WHERE side = 'shop'", "sum to 151"),
        ("UPDATE points_account SET balance = 1 WHERE side = 'member'", "its entries say 150"),
        ("DELETE FROM points_account", "its entries say 150"),
        ("UPDATE member SET spent = 1", "the transactions say 15000"),
    ],
)
async def test_the_audit_finds_what_was_tampered_with(engine, shop, mina, tamper, found):
    await give(engine, shop, mina)
    assert await audited(engine) == ()
    async with engine.write() as unit:
        await unit.run(text(tamper))
    assert any(found in line for line in await audited(engine))
