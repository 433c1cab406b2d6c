"""What every engine gives to the house above it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from sqlalchemy import Table

from app.core.clock import Clock
from app.core.ids import Ids
from app.core.ports import Bell, Faults, Limiter, Vault
from app.db.unit import Unit


class Flush(Protocol):
    """A short write transaction in raw driver statements: the receiver's group commit."""

    async def insert_once(
        self,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        returning: Sequence[str],
    ) -> list[tuple[Any, ...]]:
        """Inserts those rows whose unique key is new; what was inserted, in `returning` columns."""
        ...


class Engine(Protocol):
    """Truth in SQL; bell and limiter may be lost at any time without harm."""

    name: str
    url: str
    clock: Clock
    ids: Ids
    vault: Vault
    bell: Bell
    limiter: Limiter
    faults: Faults
    writers: int

    def write(self) -> AbstractAsyncContextManager[Unit]:
        """A transaction that commits when its block ends well, then rings the bells."""
        ...

    def read(self) -> AbstractAsyncContextManager[Unit]:
        """A consistent snapshot that writes nothing."""
        ...

    def flush(self) -> AbstractAsyncContextManager[Flush]:
        """The receiver's transaction; goes before waiting writers."""
        ...

    def transient(self, error: BaseException) -> bool:
        """Is this a lost connection, deadlock, serialization failure or time-out? Then retry."""
        ...

    def claim_process(self) -> None:
        """Refuses (`Rejected`) where a second serving process would break the promise."""
        ...

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        ...

    async def close(self) -> None:
        """Lets go of every connection."""
        ...
