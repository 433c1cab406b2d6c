"""Waiting for what became of an event: a bell, with polling as the floor."""

from __future__ import annotations

from sqlalchemy import select

from app.engine.contract import Engine
from app.inbox.models import inbox

POLL = 0.5  # seconds between looks when no bell rings


async def await_outcome(engine: Engine, inbox_id: int, timeout: float) -> dict[str, str] | None:
    """The outcome of the event, None when it has none within `timeout` seconds.

    An event that was set aside answers `{"code": "parked"}`.
    """
    waited = 0.0
    while True:
        async with engine.read() as unit:
            row = await unit.row(
                select(inbox.c.status, inbox.c.outcome).where(inbox.c.id == inbox_id)
            )
        if row is not None and row.status != "new":
            if row.outcome is not None:
                return dict(row.outcome)
            return {"code": "parked" if row.status == "parked" else "done"}
        if waited >= timeout:
            return None
        step = min(POLL, timeout - waited)
        await engine.bell.wait(f"outcome:{inbox_id}", step)
        waited += step
