"""Where the shopper's lines come from: a keyboard, or a script."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

Meanwhile = Callable[[], Awaitable[None]]

with contextlib.suppress(ImportError):
    import readline  # noqa: F401 - gives `input` its history and its editing

LOOK = 0.5  # seconds between looks for news while somebody types


class Lines(Protocol):
    """One line after the other. `live` says that somebody sees their own typing."""

    live: bool

    async def next(self, prompt: str, meanwhile: Meanwhile) -> str | None:
        """The next line, None at the end. `meanwhile` is called now and then until it comes."""
        ...


class Script:
    """The lines of a text; blank ones are left out."""

    live = False

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter([line.strip() for line in lines if line.strip()])

    async def next(self, prompt: str, meanwhile: Meanwhile) -> str | None:  # noqa: ARG002 - not seen
        await meanwhile()
        return next(self._lines, None)


class Keyboard:
    """A person. Reading has a thread of its own, which ends with the process."""

    live = True

    async def next(self, prompt: str, meanwhile: Meanwhile) -> str | None:
        loop = asyncio.get_running_loop()
        typed: asyncio.Future[str | None] = loop.create_future()

        def done(line: str | None) -> None:
            if not typed.done():
                typed.set_result(line)

        def read() -> None:
            try:
                line: str | None = input(f"{prompt} ")
            except EOFError:
                line = None
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(done, line)

        threading.Thread(target=read, daemon=True).start()
        while not (await asyncio.wait({typed}, timeout=LOOK))[0]:
            await meanwhile()
        return typed.result()
