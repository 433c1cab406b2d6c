"""Waiting for the provider to open its page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic

from app.payments.read import session_of
from app.web.context import Context

LOOK = 0.1  # seconds between looks


@dataclass(frozen=True)
class Place:
    """Where to pay. `failed` says that this payment will never have a page."""

    url: str | None = None
    failed: bool = False


async def page_of_provider(context: Context, shop_id: str, order_id: str, patience: float) -> Place:
    """The provider's page of an order, looked for at least once and for `patience` seconds."""
    ends = monotonic() + patience
    while True:
        async with context.engine.read() as unit:
            session = await session_of(unit, shop_id, order_id)
        if session is not None:
            if session.state in ("failed", "expired", "review"):
                return Place(failed=True)
            if session.url is not None and session.url.startswith(("https://", "http://")):
                return Place(session.url)
        if monotonic() >= ends:
            return Place()
        await asyncio.sleep(LOOK)
