"""The house that `dangol chat` talks to: all of it, in this process, without a port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.engine import make_url

from app.bootstrap import Dangol, build
from app.cli.demo import demo_shop
from app.core.errors import Rejected
from app.db.migrate import migrate
from app.edge.http import make_client
from app.main import create_app
from app.settings import Settings

ADDRESS = "http://dangol.localhost"  # nothing listens there: requests go straight into the house
PATIENCE = 30.0  # seconds a page of ours may take


@dataclass(frozen=True)
class Room:
    """A running house, and a browser for its pages."""

    dangol: Dangol
    browser: httpx.AsyncClient


class _Door:
    """The application, once it is there: the house calls its own pages through this."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


def own_settings(database: str | None) -> Settings:
    """The settings of a chat in the terminal: a database, files and an address of its own.

    Raises `Rejected` in production, where a demo shop has no business.
    """
    base = Settings()
    if base.production:
        raise Rejected(
            "dangol chat plays with a demo shop, and DANGOL_ENVIRONMENT is production here. "
            "Unset it, or use another machine.",
            code="production",
        )
    given: dict[str, Any] = {
        "environment": "demo",
        "database_url": database or _beside(base.var_dir / "chat.db"),
        "redis_url": None,
        "public_url": ADDRESS,
        "secret_key": " ".join(base.secret_keys()),
        "var_dir": base.var_dir / "chat",
    }
    return Settings(**given)


def _beside(path: Path) -> str:
    """The address of a file kept as the default database is."""
    default = make_url(str(Settings.model_fields["database_url"].default))
    return default.set(database=str(path)).render_as_string(hide_password=False)


@asynccontextmanager
async def open_room(settings: Settings) -> AsyncIterator[Room]:
    """Makes the tables and the demo shop, then runs the real loops until the block ends."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    await migrate(settings.database_url)
    await demo_shop(settings)
    door = _Door()
    own = httpx.ASGITransport(door)
    dangol = build(settings, client=make_client(mounts={ADDRESS: own}))
    door.app = create_app(dangol, with_worker=False)
    stop = asyncio.Event()
    try:
        dangol.engine.claim_process()
        loops = asyncio.create_task(dangol.worker.run(stop))
        browser = httpx.AsyncClient(
            transport=own, base_url=ADDRESS, timeout=PATIENCE, trust_env=False
        )
        async with browser:
            yield Room(dangol, browser)
        stop.set()
        await loops
    finally:
        await dangol.close()
