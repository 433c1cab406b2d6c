"""Starting, stopping and killing the worker inside a serving process."""

from __future__ import annotations

import asyncio
import contextlib

from app.worker.run import Worker


class Switch:
    """One worker at a time. `kill` drops it in the middle of its round, as a crash would."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._stop = asyncio.Event()
        self._loops: asyncio.Task[None] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Runs the loops in this task until `stop` is set."""
        await self._worker.run(stop)

    def start(self) -> None:
        """Runs the loops."""
        self._stop = asyncio.Event()
        self._loops = asyncio.create_task(self._worker.run(self._stop))

    async def stop(self) -> None:
        """Lets every loop finish its round."""
        if self._loops is not None:
            self._stop.set()
            await self._loops
            self._loops = None

    async def kill(self) -> None:
        """Cancels the loops wherever they are, then starts them anew."""
        if self._loops is not None:
            self._worker.drop_sends()
            self._loops.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loops
        self.start()
