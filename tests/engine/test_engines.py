"""Both engines keep the same promises: the same suite runs on each."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from app.core.errors import Rejected, Unavailable
from app.core.ids import Ids
from app.edge.vault import AesVault
from app.engine.answering import answering
from app.engine.contract import Engine
from app.engine.embedded import Embedded
from app.engine.gate import Gate
from app.inbox.models import lane


def _lane(number: int, when) -> dict[str, object]:
    return {
        "id": f"ln_{number}",
        "shop_id": "shp_1",
        "token": f"T{number}",
        "retry_at": when,
        "created_at": when,
    }


async def _count(engine: Engine) -> int:
    async with engine.read() as unit:
        return int(await unit.value(select(func.count()).select_from(lane)))


async def test_a_unit_that_ends_well_is_there_afterwards(engine: Engine):
    async with engine.write() as unit:
        await unit.run(insert(lane).values(**_lane(1, unit.now)))
    assert await _count(engine) == 1


async def test_a_unit_that_fails_leaves_nothing(engine: Engine):
    async def fail() -> None:
        async with engine.write() as unit:
            await unit.run(insert(lane).values(**_lane(1, unit.now)))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await _count(engine) == 0


async def test_what_is_inserted_once_is_not_inserted_again(engine: Engine):
    async with engine.write() as unit:
        first = await unit.insert_once(lane, _lane(1, unit.now), ["id"], returning=["id", "token"])
        second = await unit.insert_once(lane, _lane(1, unit.now), ["id"])
    assert first is not None
    assert tuple(first) == ("ln_1", "T1")
    assert second is None
    assert await _count(engine) == 1


async def test_a_flush_inserts_only_what_is_new_and_says_which(engine: Engine):
    columns = ("id", "shop_id", "token", "retry_at", "created_at")
    when = engine.clock.now()
    rows = [tuple(_lane(number, when)[name] for name in columns) for number in range(3)]
    async with engine.flush() as flush:
        first = await flush.insert_once(lane, columns, rows[:2], ("id",))
    async with engine.flush() as flush:
        second = await flush.insert_once(lane, columns, rows, ("id",))
    assert sorted(row[0] for row in first) == ["ln_0", "ln_1"]
    assert [row[0] for row in second] == ["ln_2"]
    async with engine.read() as unit:
        kept = await unit.value(select(lane.c.created_at).where(lane.c.id == "ln_2"))
    assert kept == when


async def test_a_flush_that_fails_leaves_nothing(engine: Engine):
    columns = ("id", "shop_id", "token", "retry_at", "created_at")
    row = tuple(_lane(1, engine.clock.now())[name] for name in columns)

    async def fail() -> None:
        async with engine.flush() as flush:
            await flush.insert_once(lane, columns, [row], ("id",))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await _count(engine) == 0


async def test_bells_ring_after_the_commit_and_not_before(engine: Engine):
    waiting = asyncio.create_task(engine.bell.wait("topic", 5))
    await asyncio.sleep(0)
    async with engine.write() as unit:
        unit.ring("topic")
        await asyncio.sleep(0.05)
        assert not waiting.done()
    assert await waiting is True


async def test_the_clock_is_read_once_per_unit(engine: Engine, clock):
    async with engine.write() as unit:
        before = unit.now
        clock.moment = clock.moment.replace(year=2027)
        assert unit.now == before


async def test_the_gate_lets_one_in_at_a_time_in_order_and_the_urgent_first():
    gate = Gate()
    entered: list[str] = []

    async def enter(name: str, urgent: bool = False) -> None:
        async with gate.enter(urgent=urgent):
            entered.append(f"in {name}")
            await asyncio.sleep(0)
            entered.append(f"out {name}")

    async with gate.enter():
        tasks = [asyncio.create_task(enter(name)) for name in "ab"]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(enter("flush", urgent=True)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert entered == ["in flush", "out flush", "in a", "out a", "in b", "out b"]


async def test_somebody_who_stops_waiting_at_the_gate_does_not_close_it():
    gate = Gate()
    async with gate.enter():
        gone = asyncio.create_task(_through(gate))
        await asyncio.sleep(0)
        gone.cancel()
        other = asyncio.create_task(_through(gate))
        await asyncio.sleep(0)
    assert await asyncio.wait_for(other, 1) == "through"


async def _through(gate: Gate) -> str:
    async with gate.enter():
        return "through"


@pytest.mark.postgres
async def test_a_connection_that_the_server_ended_is_replaced(engine: Engine):
    """What a restart of PostgreSQL does to every connection."""
    if engine.name != "scaled":
        return
    columns = ("id", "shop_id", "token", "retry_at", "created_at")
    row = tuple(_lane(1, engine.clock.now())[name] for name in columns)
    async with engine.flush() as flush:
        await flush.insert_once(lane, columns, [row], ("id",))
    assert await _count(engine) == 1
    end_all = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with suppress(Exception):
        async with engine.write() as unit:
            await unit.run(end_all)
    for number in (2, 3, 4):  # at most one failure each, and one that says: try again
        with suppress(Unavailable):
            async with answering(engine):
                async with engine.write() as unit:
                    await unit.run(insert(lane).values(**_lane(number, unit.now)))
                async with engine.flush() as flush:
                    fresh = tuple(_lane(number + 10, unit.now)[name] for name in columns)
                    await flush.insert_once(lane, columns, [fresh], ("id",))
                break
    else:
        pytest.fail("the connections were never replaced")
    assert await _count(engine) >= 3


async def test_a_second_process_on_the_sqlite_file_is_refused(
    tmp_path: Path, ids: Ids, vault: AesVault
):
    url = f"sqlite:///{tmp_path / 'one.db'}"
    first, second = Embedded(url, ids, vault), Embedded(url, ids, vault)
    first.claim_process()
    with pytest.raises(Rejected, match="already serves"):
        second.claim_process()
    await first.close()
    second.claim_process()
    await second.close()
