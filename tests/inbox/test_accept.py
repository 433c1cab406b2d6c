"""The way in: stored once, in one flush, before anybody is told that we have it."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import func, select

from app.core.errors import Unavailable
from app.core.inbound import Item, Said, Unknown
from app.engine.contract import Engine
from app.engine.faults import ArmedFaults
from app.inbox.accept import BOUND, Acceptor
from app.inbox.arrival import Arrival, from_item
from app.inbox.models import alias, inbox, inbox_key, lane


def arrival(key: str, when: datetime, person: str = "mina", text: str = "hi") -> Arrival:
    item = Item(f"message:{key}", f"user:{person}", Said(text), when, "178", b"{}")
    return from_item("shp_1", "instagram", item, when)


async def count(engine: Engine, table) -> int:
    async with engine.read() as unit:
        return int(await unit.value(select(func.count()).select_from(table)))


async def test_an_event_is_stored_with_its_lane(engine: Engine, clock):
    ids = await Acceptor(engine).accept([arrival("1", clock.now())])
    assert ids != [None]
    async with engine.read() as unit:
        row = await unit.only(select(inbox))
        owner = await unit.value(
            select(alias.c.lane_id).where(alias.c.address == "instagram:178:user:mina")
        )
    assert (row.status, row.kind, row.key) == ("new", "said", "message:1")
    assert row.occurred_at == clock.now()
    assert owner is not None


async def test_a_repeat_has_no_second_row(engine: Engine, clock):
    acceptor = Acceptor(engine)
    first = await acceptor.accept([arrival("1", clock.now())])
    again = await acceptor.accept([arrival("1", clock.now())])
    other_process = await Acceptor(engine).accept([arrival("1", clock.now())])
    assert first[0] is not None
    assert (again, other_process) == ([None], [None])
    assert await count(engine, inbox) == 1


async def test_repeats_sent_at_once_make_one_row(engine: Engine, clock):
    acceptors = [Acceptor(engine) for _ in range(4)]
    everything = await asyncio.gather(
        *(
            acceptor.accept([arrival(str(number % 10), clock.now(), f"p{number % 3}")])
            for number in range(60)
            for acceptor in acceptors
        )
    )
    assert sum(ids != [None] for ids in everything) == 10
    assert await count(engine, inbox) == 10
    assert await count(engine, inbox_key) == 10
    assert await count(engine, lane) == 3


async def test_one_person_has_one_lane_however_many_processes_meet_them(engine: Engine, clock):
    await asyncio.gather(
        *(Acceptor(engine).accept([arrival(str(number), clock.now())]) for number in range(8))
    )
    assert await count(engine, lane) == 1
    assert await count(engine, alias) == 2  # the person's address, and the lane's own


async def test_what_cannot_have_an_effect_is_recorded_with_the_reason(engine: Engine, clock):
    item = Item("unknown:1", "", Unknown("standby"), clock.now(), "178", b"{}")
    await Acceptor(engine).accept([from_item("shp_1", "instagram", item, clock.now())])
    async with engine.read() as unit:
        row = await unit.only(select(inbox.c.status, inbox.c.note))
    assert tuple(row) == ("ignored", "unknown: standby")
    assert await count(engine, lane) == 0


async def test_text_that_no_database_takes_is_kept_as_such_a_row(engine: Engine, clock):
    odd = Item(
        "message:\x00" + "k" * 500, "user:a\x00b", Said("\ud800"), clock.now(), "178", b"\x00"
    )
    ids = await Acceptor(engine).accept([from_item("shp_1", "instagram", odd, clock.now())])
    assert ids != [None]
    async with engine.read() as unit:
        row = await unit.only(select(inbox.c.status, inbox.c.kind, inbox.c.raw))
    assert tuple(row) == ("ignored", "unparsed", b"\x00")


async def test_nul_inside_a_text_is_stored(engine: Engine, clock):
    await Acceptor(engine).accept([arrival("1", clock.now(), text="a\x00b")])
    assert await count(engine, inbox) == 1


async def test_an_event_of_the_future_counts_from_when_it_came(engine: Engine, clock):
    later = clock.now().replace(year=2030)
    item = Item("message:1", "user:mina", Said("hi"), later, "178", b"{}")
    stored = from_item("shp_1", "instagram", item, clock.now())
    assert stored.occurred_at == clock.now()


async def test_beyond_its_bound_the_receiver_says_so(engine: Engine, clock):
    one = arrival("1", clock.now())
    with pytest.raises(Unavailable):
        await Acceptor(engine).accept([one] * (BOUND + 1))
    assert await count(engine, inbox) == 0


async def test_nobody_is_told_of_an_event_that_was_not_committed(engine: Engine, clock):
    engine.faults = ArmedFaults({"flush.before_commit": (1, "raise")})
    acceptor = Acceptor(engine)
    with pytest.raises(Unavailable):
        await acceptor.accept([arrival("1", clock.now())])
    assert await count(engine, inbox) == 0
    assert await acceptor.accept([arrival("1", clock.now())]) != [None]


async def test_a_batch_of_known_and_new_people_makes_lanes_for_the_new_only(engine: Engine, clock):
    await Acceptor(engine).accept([arrival("1", clock.now(), "mina")])
    await Acceptor(engine).accept(
        [arrival("2", clock.now(), "mina"), arrival("3", clock.now(), "jun")]
    )
    assert await count(engine, lane) == 2
    assert await count(engine, alias) == 4
