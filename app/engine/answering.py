"""Saying in one word that the database does not answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.errors import Unavailable
from app.engine.contract import Engine

AFTER = 2.0  # seconds until asking again is worth it


@asynccontextmanager
async def answering(engine: Engine) -> AsyncIterator[None]:
    """Turns what the engine calls transient into `Unavailable`; the rest stays what it is."""
    try:
        yield
    except Exception as error:
        if engine.transient(error):
            raise Unavailable("The database does not answer.", after=AFTER) from error
        raise
