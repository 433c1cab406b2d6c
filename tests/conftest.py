"""Fixtures that every test may use: both engines, for real, and a vault."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.bootstrap import load_tables
from app.core.clock import FixedClock
from app.core.ids import Ids, SeededChance
from app.db.base import metadata
from app.edge.vault import AesVault
from app.engine.contract import Engine
from app.engine.embedded import Embedded
from app.engine.scaled import Scaled

POSTGRES = os.environ.get("DANGOL_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("DANGOL_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
REQUIRED = frozenset(filter(None, os.environ.get("DANGOL_TEST_REQUIRE", "").split(",")))
START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)  # noon in Seoul, inside the demo campaign


def answers(url: str) -> bool:
    """Does anything listen there?"""
    parts = make_url(url)
    try:
        with socket.create_connection((parts.host or "127.0.0.1", parts.port or 5432), timeout=1):
            return True
    except OSError:
        return False


def need(service: str, url: str) -> None:
    """Skips on a laptop without the service; fails where it was asked for."""
    if answers(url):
        return
    if service in REQUIRED:
        pytest.fail(f"{service} was required but does not answer at {url}", pytrace=False)
    pytest.skip(f"{service} does not answer at {url}")


@pytest.fixture
def clock() -> FixedClock:
    """A clock the test moves."""
    return FixedClock(START)


@pytest.fixture
def ids() -> Ids:
    """Ids from a fixed seed."""
    return Ids(SeededChance(7))


@pytest.fixture
def vault() -> AesVault:
    """A vault with a key of its own."""
    return AesVault(["test-key-" + "x" * 32], SeededChance(8))


DATABASE = f"dangol_test_{os.getpid()}"  # of this process alone: several suites may run at once


async def _postgres() -> str:
    """A database of this test process, made once and emptied for every test."""
    admin = make_url(POSTGRES)
    name = DATABASE
    dsn = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return admin.set(database=name, drivername="postgresql").render_as_string(hide_password=False)


async def empty_postgres() -> str:
    """The address of a PostgreSQL database of this test process, without any table."""
    url = await _postgres()
    maker = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    async with maker.begin() as connection:
        await connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        await connection.exec_driver_sql("CREATE SCHEMA public")
    await maker.dispose()
    return url


async def fresh_postgres() -> str:
    """The same with all tables made."""
    url = await empty_postgres()
    load_tables()
    maker = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    async with maker.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await maker.dispose()
    return url


async def fresh_sqlite(folder: Path) -> str:
    """The address of an empty SQLite file with all tables made."""
    load_tables()
    url = f"sqlite:///{folder / 'dangol.db'}"
    maker = create_async_engine(make_url(url).set(drivername="sqlite+aiosqlite"))
    async with maker.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await maker.dispose()
    return url


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once per kind."""
    if request.param == "sqlite":
        return await fresh_sqlite(tmp_path)
    need("postgres", POSTGRES)
    return await fresh_postgres()


@pytest.fixture(params=BOTH)
async def engine(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock, ids: Ids, vault: AesVault
) -> AsyncIterator[Engine]:
    """An engine over an empty database, once per kind, on a clock that the test moves."""
    made: Engine
    if request.param == "sqlite":
        made = Embedded(await fresh_sqlite(tmp_path), ids, vault, clock=clock)
    else:
        need("postgres", POSTGRES)
        made = Scaled(await fresh_postgres(), ids, vault, clock=clock)
    yield made
    await made.close()


def pytest_sessionfinish() -> None:
    """Leaves no database behind."""
    if answers(POSTGRES):
        asyncio.run(_drop())


async def _drop() -> None:
    dsn = make_url(POSTGRES).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    finally:
        await connection.close()
