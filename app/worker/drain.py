"""Drain: pick lanes with due events, lock them, let each event take effect, commit.

A batch that fails is done again lane by lane, one event a transaction, so that one poisoned event
delays its own lane only; after five failures alone it is parked and a person is told.
"""

from __future__ import annotations

import traceback

import structlog

from app.conversations.handle import handle
from app.conversations.house import House
from app.conversations.park import park
from app.conversations.too_new import TooNew
from app.engine.contract import Engine
from app.inbox.turns import (
    Due,
    give_back,
    lock_lanes,
    pick_lanes,
    retry_lane,
    undone,
)

LANES = 32  # lanes of one batch
EVENTS = 20  # events of one lane in one batch
PARK_AFTER = 5  # failures alone
CRASHES = 8  # attempts begun, however they ended: an event that kills the process stops here
REST = 0.5  # seconds before a lane is tried again; doubles with every attempt
NEWER = 60.0  # seconds a lane rests whose state a newer version wrote

log = structlog.get_logger()


class Drain:
    """The loop that moves conversations. Any number of processes may run one."""

    def __init__(self, engine: Engine, house: House) -> None:
        self._engine = engine
        self._house = house

    async def once(self) -> int:
        """One round: how many events took effect or were parked. 0 means nothing is due."""
        async with self._engine.write() as unit:
            picked = await pick_lanes(unit, LANES)
        if not picked:
            return 0
        await self._engine.faults.reach("drain.picked")
        try:
            return await self._together(picked)
        except Exception as error:  # each lane is then tried alone, which records what went wrong
            log.warning("drain.batch_failed", lanes=len(picked), error=repr(error))
        return sum([await self._alone(lane_id, head) for lane_id, head in sorted(picked.items())])

    async def _together(self, picked: dict[str, int]) -> int:
        async with self._engine.write() as unit:
            lanes = await lock_lanes(unit, list(picked))
            held = {lane.id for lane in lanes}
            # A new statement, after the locks: it sees what their last holders committed.
            events = await undone(unit, sorted(held), EVENTS)
            for due in [due for queue in events.values() for due in queue]:
                if due.attempts > CRASHES:
                    raise RuntimeError("an event has begun too often without an end")
            count = await handle(unit, self._house, lanes, events)
            await self._engine.faults.reach("drain.handled")
        await self._engine.faults.reach("drain.committed")
        return count

    async def _alone(self, lane_id: str, head: int) -> int:
        """The lane's first event in a transaction of its own."""
        due: Due | None = None
        try:
            async with self._engine.write() as unit:
                lanes = await lock_lanes(unit, [lane_id])
                events = await undone(unit, [lane_id], 1) if lanes else {}
                queue = events.get(lane_id, [])
                if not queue:
                    await give_back(unit, [head])
                    return 0
                due = queue[0]
                if due.attempts <= CRASHES:
                    return await handle(unit, self._house, lanes, events)
                error: Exception = RuntimeError("the process died each time this event began")
        except Exception as raised:
            error = raised
        if due is None:
            await self._rest(lane_id, REST, head)
            return 0
        return await self._failed(due, error)

    async def _failed(self, due: Due, error: Exception) -> int:
        if isinstance(error, TooNew):
            await self._rest(due.lane_id, NEWER, due.id)
            return 0
        if self._engine.transient(error):
            await self._rest(due.lane_id, REST, due.id)
            return 0
        log.error("drain.event_failed", inbox=due.id, attempt=due.attempts, error=repr(error))
        if due.attempts < PARK_AFTER:
            await self._rest(due.lane_id, REST * 2**due.attempts)
            return 0
        note = "".join(traceback.format_exception(error))[-4000:]
        async with self._engine.write() as unit:
            if not await lock_lanes(unit, [due.lane_id]):
                return 0
            still = (await undone(unit, [due.lane_id], 1)).get(due.lane_id, [])
            if not still or still[0].id != due.id:
                return 0  # somebody else has worked it off, or parked it, in between
            return await park(unit, self._house, due, note)

    async def _rest(self, lane_id: str, seconds: float, give_back_to: int | None = None) -> None:
        async with self._engine.write() as unit:
            await retry_lane(unit, lane_id, seconds)
            if give_back_to is not None:
                await give_back(unit, [give_back_to])
