"""One member over several channels: by proof and consent, and by nothing less."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.errors import Rejected
from app.core.money import Money
from app.members.consent import set_consent
from app.members.contact import person
from app.members.earn import earn, take_back
from app.members.erase import erase
from app.members.ledger import SHOP, Booking, book
from app.members.member import member_of
from app.members.verify import Verified, verify_point
from tests.factories.members import audited, come_in, join_in, open_club

PHONE = "+821023456789"


@pytest.fixture
async def shop(engine):
    return await open_club(engine)


async def prove(engine, contact, value=PHONE, kind="phone", how="code"):
    async with engine.write() as unit:
        return await verify_point(unit, contact, kind, value, how)


async def paid(engine, shop, member_id, order, won):
    async with engine.write() as unit:
        return await earn(unit, shop, member_id, order, Money(won, "KRW"))


async def two(engine, shop, clock):
    """The same person on two channels; the first came earlier."""
    first, older = await join_in(engine, shop, "mina", channel="instagram")
    clock.moment += timedelta(days=1)
    second, younger = await join_in(engine, shop, "mina", channel="webchat")
    return first, older, second, younger


async def test_the_same_phone_makes_one_member_of_two(engine, shop, clock):
    first, older, second, younger = await two(engine, shop, clock)
    await paid(engine, shop, older, "o1", 15_000)
    await paid(engine, shop, younger, "o2", 290_000)
    assert await prove(engine, first) == Verified(older)
    assert await prove(engine, second) == Verified(older, joined=True)
    async with engine.write() as unit:
        assert await member_of(unit, second) == older
        for contact in (first, second):
            known = await person(unit, shop, contact)
            assert (known.points, known.tier) == (3_050, "gold")
    assert await audited(engine) == ()


async def test_orders_of_the_one_who_went_up_still_find_their_points(engine, shop, clock):
    first, older, second, younger = await two(engine, shop, clock)
    await paid(engine, shop, younger, "o2", 10_000)
    await prove(engine, second)
    await prove(engine, first)
    async with engine.write() as unit:
        taken = await take_back(unit, shop, younger, "o2")
    assert (taken.points, taken.balance) == (-100, 0)
    assert (await paid(engine, shop, younger, "o3", 20_000)).balance == 200
    assert (await paid(engine, shop, older, "o4", 10_000)).balance == 300
    assert await audited(engine) == ()


async def test_what_one_owes_the_other_pays(engine, shop, clock):
    first, older, second, younger = await two(engine, shop, clock)
    await paid(engine, shop, older, "o1", 10_000)
    async with engine.write() as unit:
        spent = {("member", older): -100, SHOP: 100}
        await book(unit, shop.id, Booking("spend", "gift", older, -100, 0), spent)
        await take_back(unit, shop, older, "o1")
    await paid(engine, shop, younger, "o2", 30_000)
    await prove(engine, first)
    await prove(engine, second)
    async with engine.write() as unit:
        assert (await person(unit, shop, first)).points == 200
    assert await audited(engine) == ()


async def test_without_consent_nobody_is_joined(engine, shop, clock):
    first, _, second, younger = await two(engine, shop, clock)
    await prove(engine, first)
    async with engine.write() as unit:
        await set_consent(unit, second, "membership", False)
    assert (await prove(engine, second)).why == "no-consent"
    async with engine.write() as unit:
        assert await member_of(unit, second) == younger
        await set_consent(unit, second, "membership", True)
        await set_consent(unit, first, "membership", False)
    assert await prove(engine, second) == Verified(younger, why="no-consent")


async def test_without_consent_nothing_is_written_down(engine, shop):
    stranger = await come_in(engine, shop)
    assert await prove(engine, stranger) == Verified(None, why="no-consent")


@pytest.mark.parametrize("how", ["typed", "", "form"])
async def test_what_was_only_typed_proves_nothing(engine, shop, how):
    contact, _ = await join_in(engine, shop)
    with pytest.raises(Rejected):
        await prove(engine, contact, how=how)


@pytest.mark.parametrize(
    ("kind", "value"), [("phone", "010-2345-6789"), ("phone", ""), ("email", "mina"), ("fax", "1")]
)
async def test_a_point_is_written_in_one_way(engine, shop, kind, value):
    contact, _ = await join_in(engine, shop)
    with pytest.raises(Rejected):
        await prove(engine, contact, value, kind)


async def test_an_email_is_the_same_in_capitals(engine, shop, clock):
    first, older, second, _ = await two(engine, shop, clock)
    await prove(engine, first, "Mina@Example.com ", "email")
    assert await prove(engine, second, "mina@example.com", "email") == Verified(older, joined=True)


async def test_two_shops_never_share_a_member(engine, shop):
    other = await open_club(engine, "other")
    here, member = await join_in(engine, shop)
    there, stranger = await join_in(engine, other)
    assert await prove(engine, here) == Verified(member)
    assert await prove(engine, there) == Verified(stranger)


async def test_proved_twice_changes_nothing(engine, shop):
    contact, member = await join_in(engine, shop)
    for _ in range(2):
        assert await prove(engine, contact) == Verified(member)


async def test_who_was_forgotten_leaves_no_proof(engine, shop, clock):
    first, _, second, younger = await two(engine, shop, clock)
    await prove(engine, first)
    async with engine.write() as unit:
        await erase(unit, first)
    assert await prove(engine, second) == Verified(younger)
