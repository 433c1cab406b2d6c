"""Models and migrations say the same, and every migration can be taken back, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.bootstrap import load_tables
from app.db.base import metadata
from app.db.migrate import DRIVERS, behind, migrate
from tests.conftest import BOTH, POSTGRES, empty_postgres, need


@pytest.fixture(params=BOTH)
async def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    need("postgres", POSTGRES)
    return await empty_postgres()


async def look(url: str, question) -> object:
    parts = make_url(url)
    engine = create_async_engine(parts.set(drivername=DRIVERS[parts.get_backend_name()]))
    async with engine.connect() as connection:
        answer = await connection.run_sync(question)
    await engine.dispose()
    return answer


def differences(connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "target_metadata": metadata}
    )
    found: list[object] = compare_metadata(context, metadata)
    return found


def tables(connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def test_migrations_make_exactly_the_tables_of_the_models(bare_url: str):
    load_tables()
    await migrate(bare_url)
    assert await look(bare_url, differences) == []
    assert await look(bare_url, tables) == set(metadata.tables)
    current, newest = await behind(bare_url)
    assert current == newest is not None


async def test_migrations_can_be_taken_back_and_made_again(bare_url: str):
    await migrate(bare_url)
    await migrate(bare_url, "base")
    assert await look(bare_url, tables) == set()
    await migrate(bare_url)
    assert await look(bare_url, tables) == set(metadata.tables)
