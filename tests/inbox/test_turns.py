"""Whose turn it is: attempts are counted as they were made, however many workers look."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.engine.contract import Engine
from app.inbox.accept import Acceptor
from app.inbox.models import inbox
from app.inbox.turns import pick_lanes, retry_lane
from tests.inbox.test_accept import arrival


async def pick(engine: Engine) -> dict[str, int]:
    async with engine.write() as unit:
        return await pick_lanes(unit, 10)


async def attempts(engine: Engine) -> int:
    async with engine.read() as unit:
        return int(await unit.value(select(inbox.c.attempts)))


async def test_many_workers_that_pick_at_one_moment_make_one_attempt(engine: Engine, clock):
    await Acceptor(engine).accept([arrival("1", clock.now())])
    for _ in range(10):
        assert len(await pick(engine)) == 1
    assert await attempts(engine) == 1


async def test_an_attempt_after_a_rest_counts(engine: Engine, clock):
    await Acceptor(engine).accept([arrival("1", clock.now())])
    for number in range(1, 4):
        assert len(await pick(engine)) == 1
        assert await attempts(engine) == number
        clock.moment += timedelta(seconds=1)


async def test_a_resting_lane_is_not_picked(engine: Engine, clock):
    await Acceptor(engine).accept([arrival("1", clock.now())])
    (lane_id,) = await pick(engine)
    async with engine.write() as unit:
        await retry_lane(unit, lane_id, 5)
    assert await pick(engine) == {}
    clock.moment += timedelta(seconds=5)
    assert list(await pick(engine)) == [lane_id]


async def test_only_a_lanes_first_event_is_its_head(engine: Engine, clock):
    acceptor = Acceptor(engine)
    later = clock.now()
    earlier = later - timedelta(minutes=1)
    await acceptor.accept([arrival("2", later)])
    (first,) = await acceptor.accept([arrival("1", earlier)])
    assert list((await pick(engine)).values()) == [first]
