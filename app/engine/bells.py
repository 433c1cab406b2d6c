"""The bell inside one process."""

from __future__ import annotations

import asyncio


class LocalBell:
    """Waiters of a topic share one event; a ring wakes them all."""

    def __init__(self) -> None:
        self._topics: dict[str, list[asyncio.Future[None]]] = {}

    async def ring(self, *topics: str) -> None:
        self.ring_here(*topics)

    def ring_here(self, *topics: str) -> None:
        """The same without a loop turn."""
        for topic in topics:
            for waiter in self._topics.pop(topic, ()):
                if not waiter.done():
                    waiter.set_result(None)

    async def wait(self, topic: str, timeout: float) -> bool:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._topics.setdefault(topic, []).append(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            return False
        finally:
            waiters = self._topics.get(topic)
            if waiters is not None and waiter in waiters:
                waiters.remove(waiter)
                if not waiters:
                    del self._topics[topic]
        return True
