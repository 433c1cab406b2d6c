"""Moments to come: one per name, the newest counts, each becomes one event."""

from __future__ import annotations

from datetime import timedelta

from app.engine.contract import Engine
from app.timers.fire import fire
from app.timers.set_timer import cancel_timer, is_current, set_timer

HERE = ("shp_1", "lane:ln_1")


async def due(engine: Engine) -> list[tuple[str, int]]:
    async with engine.write() as unit:
        return [(event.name, event.generation) for _, _, _, event in await fire(unit)]


async def test_a_timer_fires_once_when_due(engine: Engine, clock):
    async with engine.write() as unit:
        await set_timer(unit, *HERE, "hold", unit.now + timedelta(minutes=5))
    assert await due(engine) == []
    clock.moment += timedelta(minutes=5)
    assert await due(engine) == [("hold", 1)]
    assert await due(engine) == []


async def test_setting_it_again_replaces_it(engine: Engine, clock):
    async with engine.write() as unit:
        await set_timer(unit, *HERE, "hold", unit.now + timedelta(minutes=5))
        await set_timer(unit, *HERE, "hold", unit.now + timedelta(minutes=9))
    clock.moment += timedelta(minutes=6)
    assert await due(engine) == []
    clock.moment += timedelta(minutes=3)
    assert await due(engine) == [("hold", 2)]


async def test_an_event_of_an_older_generation_is_stale(engine: Engine, clock):
    async with engine.write() as unit:
        await set_timer(unit, *HERE, "hold", unit.now)
    assert await due(engine) == [("hold", 1)]
    async with engine.write() as unit:
        assert await is_current(unit, HERE[0], [HERE[1]], "hold", 1)
        await set_timer(unit, *HERE, "hold", unit.now + timedelta(minutes=1))
        assert not await is_current(unit, HERE[0], [HERE[1]], "hold", 1)
    clock.moment += timedelta(minutes=1)
    assert await due(engine) == [("hold", 2)]
    async with engine.write() as unit:
        assert not await is_current(unit, HERE[0], [HERE[1]], "hold", 1)
        assert await is_current(unit, HERE[0], [HERE[1]], "hold", 2)


async def test_a_cancelled_timer_is_silent(engine: Engine, clock):
    async with engine.write() as unit:
        await set_timer(unit, *HERE, "hold", unit.now + timedelta(minutes=5))
        await cancel_timer(unit, *HERE, "hold")
    clock.moment += timedelta(minutes=6)
    assert await due(engine) == []
