"""Running the three loops until told to stop; each outlives any error of a round."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from app.engine.contract import Engine
from app.worker.deliver import AT_ONCE, Deliver
from app.worker.drain import Drain
from app.worker.tick import Tick

POLL = 0.5  # seconds between looks when no bell rings
TICK = 0.5
TROUBLE = 1.0  # seconds a loop rests after a failed round

log = structlog.get_logger()


class Worker:
    """Drain, deliver and tick in one process."""

    def __init__(self, engine: Engine, drain: Drain, deliver: Deliver, tick: Tick) -> None:
        self._engine = engine
        self._drain = drain
        self._deliver = deliver
        self._tick = tick
        self._sends: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; sends under way are finished first."""
        await asyncio.gather(
            self._loop("drain", stop, self._drain.once, "inbox", POLL),
            self._loop("deliver", stop, self._start_sends, "outbox", POLL),
            self._loop("tick", stop, self._tick.once, "never", TICK),
        )
        if self._sends:
            await asyncio.wait(self._sends, timeout=15)

    async def _loop(
        self,
        name: str,
        stop: asyncio.Event,
        once: Callable[[], Awaitable[int]],
        topic: str,
        pause: float,
    ) -> None:
        while not stop.is_set():
            try:
                worked = await once()
            except Exception as error:  # the loop must outlive a database that is away
                log.warning("worker.round_failed", loop=name, error=repr(error))
                await self._sleep(stop, TROUBLE)
                continue
            if not worked:
                with contextlib.suppress(Exception):
                    await self._rest(stop, topic, pause)

    async def _rest(self, stop: asyncio.Event, topic: str, pause: float) -> None:
        bell = asyncio.ensure_future(self._engine.bell.wait(topic, pause))
        stopped = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({bell, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            bell.cancel()
            stopped.cancel()

    @staticmethod
    async def _sleep(stop: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)

    async def _start_sends(self) -> int:
        """Starts what is due without waiting for it: a slow platform must not stop the others."""
        room = AT_ONCE - len(self._sends)
        if room <= 0:
            await asyncio.wait(self._sends, return_when=asyncio.FIRST_COMPLETED, timeout=POLL)
            return 1
        claimed = await self._deliver.claim(room)
        for row, account, window in claimed:
            task = asyncio.create_task(self._deliver.send(row, account, window))
            self._sends.add(task)
            task.add_done_callback(self._over)
        return len(claimed)

    def drop_sends(self) -> None:
        """Cancels the sends under way, as the death of the process would."""
        for task in self._sends:
            task.cancel()

    def _over(self, task: asyncio.Task[None]) -> None:
        self._sends.discard(task)
        if not task.cancelled() and task.exception() is not None:
            # Not recorded: the lease runs out and the row is tried again, marked as a repeat.
            log.warning("deliver.not_recorded", error=repr(task.exception()))
