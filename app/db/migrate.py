"""Bringing a database to the tables that this version needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

ROOT = Path(__file__).resolve().parents[2]
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def _config() -> Config:
    return Config(str(ROOT / "alembic.ini"))


async def migrate(url: str, revision: str = "head") -> None:
    """Upgrades the database to `revision`, or downgrades it when that lies behind."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parts.set(drivername=DRIVERS[parts.get_backend_name()]))

    def run(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        move = command.downgrade if revision in ("base",) or "-" in revision else command.upgrade
        move(config, revision)

    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


async def behind(url: str) -> tuple[str | None, str | None]:
    """(revision of the database, newest revision): the same when nothing is to be done."""
    parts = make_url(url)
    engine = create_async_engine(parts.set(drivername=DRIVERS[parts.get_backend_name()]))

    def look(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(look)
    finally:
        await engine.dispose()
    return current, ScriptDirectory.from_config(_config()).get_current_head()
