"""The engine of many processes: PostgreSQL for the truth, Redis for what may be lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import Table, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.clock import Clock, SystemClock
from app.core.ids import Ids
from app.core.ports import Bell, Faults, Limiter, NoFaults, Vault
from app.db.raw import by_column, postgres_insert_once
from app.db.unit import Unit
from app.engine.bells import LocalBell
from app.engine.limiters import LocalLimiter

# A frozen or stuck process must let go: the server ends its transaction after these.
LIMITS = {
    "idle_in_transaction_session_timeout": "5000",
    "lock_timeout": "2000",
    "statement_timeout": "5000",
    "application_name": "dangol",
    "timezone": "UTC",
}
TRANSIENT = (
    "40001",
    "40P01",
    "55P03",
    "57014",
    "57P01",
    "57P02",
    "57P03",
    "25P03",
    "53300",
    "08",
)  # serialization, deadlock, lock and statement time-out, shutdown, idle, connections


class PostgresFlush:
    """One prepared statement with an array per column."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def insert_once(
        self,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        returning: Sequence[str],
    ) -> list[tuple[Any, ...]]:
        statement = postgres_insert_once(table, tuple(columns), tuple(returning))
        found = await self._connection.fetch(statement, *by_column(rows, len(columns)))
        return [tuple(row) for row in found]


class Scaled:
    """PostgreSQL at READ COMMITTED; bell and limiter from Redis, or local where it is unset."""

    name = "scaled"

    def __init__(
        self,
        url: str,
        ids: Ids,
        vault: Vault,
        *,
        bell: Bell | None = None,
        limiter: Limiter | None = None,
        clock: Clock | None = None,
        faults: Faults | None = None,
        writers: int = 1,
    ) -> None:
        parts = make_url(url)
        self.url = url
        self.writers = writers
        self.ids = ids
        self.vault = vault
        self.clock: Clock = clock or SystemClock()
        self._own_clock = clock is not None
        self.faults: Faults = faults or NoFaults()
        self.bell: Bell = bell or LocalBell()
        self.limiter: Limiter = limiter or LocalLimiter(self.clock)
        self._dsn = parts.set(drivername="postgresql").render_as_string(hide_password=False)
        self._engine = create_async_engine(
            parts.set(drivername="postgresql+asyncpg"),
            pool_size=10,
            max_overflow=5,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args={"server_settings": LIMITS},
        )
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._flush_pool: asyncpg.Pool[Any] | None = None
        self._opening = asyncio.Lock()

    async def _unit(self, connection: Any) -> Unit:
        # The database's clock decides, so that no node's skew can; the simulator brings its own.
        now = self.clock.now() if self._own_clock else await connection.scalar(select(func.now()))
        return Unit(connection, now, self.ids, self.vault, self.faults)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        async with self._engine.connect() as connection:
            async with connection.begin():
                unit = await self._unit(connection)
                yield unit
                await self.faults.reach("unit.before_commit")
            await self.faults.reach("unit.after_commit")
        if unit.topics:
            await self.bell.ring(*unit.topics)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        async with self._reader.connect() as connection, connection.begin():
            yield await self._unit(connection)

    async def _pool(self) -> asyncpg.Pool[Any]:
        async with self._opening:
            if self._flush_pool is None:
                self._flush_pool = await asyncpg.create_pool(
                    self._dsn, min_size=1, max_size=self.writers, server_settings=LIMITS, timeout=5
                )
        return self._flush_pool

    @asynccontextmanager
    async def flush(self) -> AsyncIterator[PostgresFlush]:
        pool = self._flush_pool or await self._pool()
        async with pool.acquire(timeout=5) as connection:
            async with connection.transaction():
                yield PostgresFlush(connection)
                await self.faults.reach("flush.before_commit")
            await self.faults.reach("flush.after_commit")

    def transient(self, error: BaseException) -> bool:
        cause: BaseException | None = error
        if isinstance(error, DBAPIError):
            if error.connection_invalidated:
                return True
            cause = error.orig
        state = getattr(cause, "sqlstate", None) or ""
        return isinstance(
            cause, (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
        ) or state.startswith(TRANSIENT)

    def claim_process(self) -> None:
        return None  # any number of processes may serve

    async def ping(self) -> None:
        async with self.read() as unit:
            await unit.value(text("SELECT 1"))

    async def close(self) -> None:
        await self._engine.dispose()
        if self._flush_pool is not None:
            await self._flush_pool.close()
        for part in (self.bell, self.limiter):
            closing = getattr(part, "close", None)
            if closing is not None:
                await closing()
