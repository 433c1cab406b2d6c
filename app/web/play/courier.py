"""Carries the platform's signed posts to the receiver over HTTP: once, twice, or out of order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from time import perf_counter
from typing import Protocol

import httpx
import msgspec

from app.core.ids import Chance

GATHER = 1.2  # seconds of posts that are shuffled among each other
AGAIN = 0.15  # seconds until the same post comes once more
TRIES = 4  # as a platform does, when it is not answered 200
KEPT = 300  # deliveries remembered for the log


class Posted(Protocol):
    """A signed post of the platform. `id` is what it is about."""

    @property
    def id(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


class Delivery(msgspec.Struct, frozen=True):
    """One post that reached the receiver, and what it was answered."""

    number: int
    about: str
    headers: dict[str, str]
    body: str
    status: int
    milliseconds: float


class Courier:
    """`deliver` hands a post over as the switches say; `log` is what was handed over."""

    def __init__(self, client: httpx.AsyncClient, url: str, chance: Chance) -> None:
        self._client = client
        self._url = url
        self._chance = chance
        self._held: list[Posted] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self.twice = False
        self.shuffle = False
        self.log: deque[Delivery] = deque(maxlen=KEPT)

    async def deliver(self, posted: Posted) -> None:
        """Hands the post over; with `shuffle`, later and in another order."""
        if self.shuffle:
            self._held.append(posted)
            if len(self._held) == 1:
                self._later(self._deal())
            return
        await self._post(posted)
        if self.twice:
            self._later(self._repeat(posted))

    async def soon(self, posted: Posted) -> None:
        """The same without waiting for it: what the platform posts about our own sends."""
        self._later(self.deliver(posted))

    async def close(self) -> None:
        """Lets go of what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def about(self, text: str) -> Delivery | None:
        """The last delivery about something whose id is in `text`."""
        found = (one for one in reversed(self.log) if one.about and one.about in text)
        return next(found, None)

    def _later(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _repeat(self, posted: Posted) -> None:
        await asyncio.sleep(AGAIN)
        await self._post(posted)

    async def _deal(self) -> None:
        await asyncio.sleep(GATHER)
        cards, self._held = self._held, []
        if self.twice:
            cards = [*cards, *cards]
        for left in range(len(cards), 0, -1):
            await self._post(cards.pop(self._chance.bits(32) % left))

    async def _post(self, posted: Posted) -> None:
        for attempt in range(TRIES):
            begun = perf_counter()
            try:
                answer = await self._client.post(
                    self._url, content=posted.body, headers=dict(posted.headers)
                )
                status = answer.status_code
            except httpx.HTTPError:
                status = 0
            self._count += 1
            self.log.append(
                Delivery(
                    self._count, posted.id, dict(posted.headers),
                    posted.body.decode("utf-8", "replace"), status,
                    round((perf_counter() - begun) * 1000, 1),
                )
            )  # fmt: skip
            if status == 200:
                return
            await asyncio.sleep(0.3 * 2**attempt)
