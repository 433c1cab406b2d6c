"""A first-come first-served gate for SQLite's one writer; the receiver's flush goes first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """At most one holder. Waiters enter in order of arrival, urgent ones before the others."""

    def __init__(self) -> None:
        self._held = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def enter(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Waits for its turn and holds the gate for the block."""
        if self._held:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            (self._urgent if urgent else self._others).append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._leave()  # the turn had come just as we were cancelled: pass it on
                raise
        self._held = True
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        for queue in (self._urgent, self._others):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)  # stays held: handed over, so nobody can slip in between
                    return
        self._held = False
