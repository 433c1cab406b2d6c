"""Meeting people, knowing them again, and forgetting them for good."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import event, select

from app.core.errors import Broken, Conflict, NotFound
from app.members.address import load_address, save_address, use_address
from app.members.consent import consents, set_consent
from app.members.contact import contact_by_id, meet, people, person, set_language
from app.members.erase import erase
from app.members.join import join_lanes
from app.members.member import member_of
from app.members.models import contact as contact_table
from app.members.models import saved_address
from app.members.personal import vault_of
from tests.factories.members import LABEL, MINA, come_in, join_in, open_club


@pytest.fixture
async def shop(engine):
    return await open_club(engine)


async def known(engine, shop, contact):
    async with engine.read() as unit:
        return await person(unit, shop, contact)


async def keep(engine, contact, address=MINA, label=LABEL, email="mina@example.com"):
    async with engine.write() as unit:
        return await save_address(unit, contact, address, email, label)


async def test_who_writes_again_is_known_again(engine, shop, clock):
    first = await come_in(engine, shop)
    clock.moment += timedelta(days=1)
    async with engine.write() as unit:
        again = await meet(unit, shop.id, "another lane", "instagram", "acc-1", "mina", "mina.k")
        assert await contact_by_id(unit, shop.id, first.id) == again
    assert (again.id, again.lane_id, again.handle) == (first.id, first.lane_id, "mina.k")
    assert again.last_seen_at == clock.moment
    assert (await known(engine, shop, first)).name == "김미나"


async def test_met_by_several_at_once_it_is_one_person(engine, shop):
    met = await asyncio.gather(*(come_in(engine, shop) for _ in range(8)))
    assert len({contact.id for contact in met}) == 1


async def test_a_new_name_takes_the_place_of_the_old(engine, shop):
    first = await come_in(engine, shop)
    async with engine.write() as unit:
        await meet(unit, shop.id, first.lane_id, "instagram", "acc-1", "mina", name="김민아")
    assert (await known(engine, shop, first)).name == "김민아"


async def test_nothing_personal_lies_open(engine, shop):
    contact = await come_in(engine, shop)
    await keep(engine, contact)
    async with engine.read() as unit:
        [who] = await unit.rows(select(contact_table))
        [where] = await unit.rows(select(saved_address))
    for plain in ("김미나", "테헤란로 152", "+8210", "mina@example.com"):
        assert plain.encode() not in who.name + where.data
    assert where.label == LABEL


async def test_what_the_shop_knows_of_a_person(engine, shop):
    contact, _ = await join_in(engine, shop)
    saved = await keep(engine, contact)
    async with engine.write() as unit:
        await set_language(unit, contact, "ko")
    mina = await known(engine, shop, contact)
    assert (mina.name, mina.handle, mina.language) == ("김미나", "mina", "ko")
    assert [(one.id, one.label, one.country) for one in mina.addresses] == [
        (saved.saved_id, LABEL, "KR")
    ]
    assert (mina.points, mina.tier, mina.opted_out, mina.orders) == (0, "green", False, ())


async def test_many_people_take_two_statements(engine, shop):
    for number in range(20):
        contact, _ = await join_in(engine, shop, f"shopper-{number}")
        await keep(engine, contact)
    lanes = [f"lane-instagram-shopper-{number}" for number in range(20)]
    async with engine.read() as unit:
        statements: list[str] = []
        sync = unit.conn.sync_connection
        event.listen(sync, "before_cursor_execute", lambda *args: statements.append(args[2]))
        met = await people(unit, shop, [*lanes, "nobody's lane"])
        assert await people(unit, shop, []) == {}
    assert len(statements) == 2
    assert sorted(met) == sorted(lanes)
    assert {one.person.handle for one in met.values()} == {f"shopper-{n}" for n in range(20)}
    assert all(len(one.person.addresses) == 1 for one in met.values())


async def test_a_person_of_another_shop_is_nobody_here(engine, shop):
    contact = await come_in(engine, shop)
    other = await open_club(engine, "other")
    async with engine.read() as unit:
        assert await people(unit, other, [contact.lane_id]) == {}
        assert await contact_by_id(unit, other.id, contact.id) is None


# --- addresses ----------------------------------------------------------------------------------


async def test_an_address_comes_back_as_it_was_given(engine, shop):
    saved = await keep(engine, await come_in(engine, shop))
    async with engine.read() as unit:
        assert await load_address(unit, shop.id, saved.saved_id) == (MINA, "mina@example.com")
        with pytest.raises(NotFound):
            await load_address(unit, "another shop", saved.saved_id)


async def test_the_last_three_are_kept_the_last_used_first(engine, shop, clock):
    contact = await come_in(engine, shop)
    saved = []
    for number in range(4):
        clock.moment += timedelta(days=1)
        address = msgspec.structs.replace(MINA, line2=f"{number}층")
        saved.append(await keep(engine, contact, address, f"{number}층"))
    assert [one.label for one in (await known(engine, shop, contact)).addresses] == [
        "3층", "2층", "1층",
    ]  # fmt: skip
    async with engine.write() as unit:
        with pytest.raises(NotFound):
            await load_address(unit, shop.id, saved[0].saved_id)
        await use_address(unit, shop.id, saved[1].saved_id)
        clock.moment += timedelta(days=1)
    async with engine.write() as unit:
        await use_address(unit, shop.id, saved[1].saved_id)
    assert (await known(engine, shop, contact)).addresses[0].label == "1층"


async def test_the_same_address_is_kept_once(engine, shop):
    contact = await come_in(engine, shop)
    first = await keep(engine, contact)
    again = await keep(engine, contact, email="new@example.com")
    assert again == first
    async with engine.read() as unit:
        assert (await load_address(unit, shop.id, first.saved_id))[1] == "new@example.com"
    assert len((await known(engine, shop, contact)).addresses) == 1


# --- two chats, one person ----------------------------------------------------------------------


async def test_of_two_chats_that_are_one_everybody_is_in_the_one_that_stays(engine, shop, clock):
    author = await come_in(engine, shop, "author")
    await keep(engine, author)
    clock.moment += timedelta(minutes=1)
    sender, member = await join_in(engine, shop, "sender")
    async with engine.write() as unit:
        await join_lanes(unit, shop.id, author.lane_id, sender.lane_id)
        met = await people(unit, shop, [author.lane_id, sender.lane_id])
    assert list(met) == [sender.lane_id]
    assert met[sender.lane_id].contact.id == sender.id
    assert len(met[sender.lane_id].person.addresses) == 1
    async with engine.write() as unit:
        moved = await contact_by_id(unit, shop.id, author.id)
        assert moved is not None
        assert await member_of(unit, moved) == member


async def test_who_said_stop_in_one_is_left_alone_in_both(engine, shop):
    author, sender = await come_in(engine, shop, "author"), await come_in(engine, shop, "sender")
    async with engine.write() as unit:
        await set_consent(unit, author, "messages", False)
        await join_lanes(unit, shop.id, author.lane_id, sender.lane_id)
    assert (await known(engine, shop, sender)).opted_out


# --- consent and forgetting ---------------------------------------------------------------------


async def test_stop_and_start(engine, shop):
    contact = await come_in(engine, shop)
    for given in (False, True, False):
        async with engine.write() as unit:
            await set_consent(unit, contact, "messages", given, source="chat")
        assert (await known(engine, shop, contact)).opted_out is not given
    async with engine.read() as unit:
        assert await consents(unit, shop.id, contact.id) == {"messages": False}


async def test_forgetting_destroys_what_was_personal(engine, shop):
    contact = await come_in(engine, shop)
    saved = await keep(engine, contact)
    async with engine.write() as unit:
        sealed = vault_of(unit.vault, contact).seal(b"06236", "anywhere")
        await erase(unit, contact)
    async with engine.write() as unit:
        gone = await contact_by_id(unit, shop.id, contact.id)
        assert gone is not None
        assert (gone.data_key, gone.handle) == (None, "")
        assert "mina" not in gone.external_id
        with pytest.raises(NotFound):
            await load_address(unit, shop.id, saved.saved_id)
        with pytest.raises(Conflict, match="erased"):
            await save_address(unit, gone, MINA, None, LABEL)
        with pytest.raises(Broken):
            unit.vault.open(sealed, "anywhere")
    assert (await known(engine, shop, contact)).name == ""


async def test_who_writes_after_being_forgotten_is_somebody_new(engine, shop):
    first = await come_in(engine, shop)
    async with engine.write() as unit:
        await erase(unit, first)
    again = await come_in(engine, shop)
    assert again.id != first.id
    assert (await known(engine, shop, again)).name == "김미나"
