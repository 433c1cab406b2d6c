"""The engine of one machine: a SQLite file in WAL mode, one process, one writer at a time."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.core.clock import Clock, SystemClock
from app.core.errors import Rejected
from app.core.ids import Ids
from app.core.ports import Bell, Faults, Limiter, NoFaults, Vault
from app.db.raw import sqlite_insert_once
from app.db.unit import Unit
from app.engine.bells import LocalBell
from app.engine.gate import Gate
from app.engine.limiters import LocalLimiter

# FULL: a commit survives a power cut; WAL's default NORMAL may lose the last ones.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
)
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


def _open(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def _stored(value: Any) -> Any:
    """A value as SQLAlchemy's types store it, for the raw statements."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(TIME_FORMAT)
    return value


def _pool(path: str, begin: str, size: int) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", pool_size=size, max_overflow=0, pool_timeout=30
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: we say how
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


class SqliteFlush:
    """Raw statements on the flush's own connection, in its own thread."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._thread = thread

    async def _do(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, lambda: self._connection.execute(statement, values).fetchall()
        )

    async def insert_once(
        self,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        returning: Sequence[str],
    ) -> list[tuple[Any, ...]]:
        statement = sqlite_insert_once(table, tuple(columns), tuple(returning), len(rows))
        return await self._do(statement, [_stored(value) for row in rows for value in row])


class Embedded:
    """SQLite, an in-process bell and limiter."""

    name = "embedded"
    writers = 1  # group-commit writers: the file takes one at a time anyway

    def __init__(
        self,
        url: str,
        ids: Ids,
        vault: Vault,
        *,
        clock: Clock | None = None,
        faults: Faults | None = None,
    ) -> None:
        path = make_url(url).database
        if not path or path == ":memory:":
            raise Rejected("The SQLite database must be a file: sqlite:///var/dangol.db")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.path = path
        self.ids = ids
        self.vault = vault
        self.clock: Clock = clock or SystemClock()
        self.faults: Faults = faults or NoFaults()
        self.bell: Bell = LocalBell()
        self.limiter: Limiter = LocalLimiter(self.clock)
        self.gate = Gate()
        self._writer = _pool(path, "BEGIN IMMEDIATE", 1)
        self._readers = _pool(path, "BEGIN", 4)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flush")
        self._flush_connection: sqlite3.Connection | None = None
        self._lock: Any = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        async with self.gate.enter(), self._writer.connect() as connection:
            async with connection.begin():
                unit = Unit(connection, self.clock.now(), self.ids, self.vault, self.faults)
                yield unit
                await self.faults.reach("unit.before_commit")
            await self.faults.reach("unit.after_commit")
        if unit.topics:
            await self.bell.ring(*unit.topics)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        async with self._readers.connect() as connection, connection.begin():
            yield Unit(connection, self.clock.now(), self.ids, self.vault, self.faults)

    @asynccontextmanager
    async def flush(self) -> AsyncIterator[SqliteFlush]:
        async with self.gate.enter(urgent=True):
            loop = asyncio.get_running_loop()
            if self._flush_connection is None:
                self._flush_connection = await loop.run_in_executor(self._thread, _open, self.path)
            flush = SqliteFlush(self._flush_connection, self._thread)
            await flush._do("BEGIN IMMEDIATE")
            try:
                yield flush
                await self.faults.reach("flush.before_commit")
            except BaseException:
                await flush._do("ROLLBACK")
                raise
            await flush._do("COMMIT")
            await self.faults.reach("flush.after_commit")

    def transient(self, error: BaseException) -> bool:
        cause = error.orig if isinstance(error, OperationalError) else error
        if isinstance(cause, OSError | TimeoutError):
            return True
        return isinstance(cause, sqlite3.OperationalError) and any(
            word in str(cause) for word in ("locked", "busy", "full", "disk I/O", "unable to open")
        )

    def claim_process(self) -> None:
        lock = Path(f"{self.path}.lock").open("w")  # noqa: SIM115 - held as long as the process
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise Rejected(
                f"Another process already serves {self.path}. SQLite takes one; stop it, or use "
                "PostgreSQL (DANGOL_DATABASE_URL) to run several.",
                code="second-process",
            ) from error
        self._lock = lock

    async def ping(self) -> None:
        async with self.read() as unit:
            await unit.value(text("SELECT 1"))

    async def close(self) -> None:
        await self._writer.dispose()
        await self._readers.dispose()
        if self._flush_connection is not None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._flush_connection.close)
        self._thread.shutdown()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
