"""Streams as a whole: closing one, handing one over, trying a row again."""

from __future__ import annotations

from sqlalchemy import update

from app.db.unit import Unit
from app.outbox.models import outbox


async def close_stream(unit: Unit, stream: str, reason: str) -> int:
    """Drops what is still queued in a stream (its person is gone)."""
    return await unit.run(
        update(outbox)
        .where(outbox.c.stream == stream, outbox.c.status.in_(("queued", "waiting")))
        .values(status="dead", error=reason, done_at=unit.now)
    )


async def requeue(unit: Unit, shop_id: str, outbox_id: int) -> bool:
    """A merchant asks for a dead or unknown row to be tried again."""
    touched = await unit.run(
        update(outbox)
        .where(
            outbox.c.id == outbox_id,
            outbox.c.shop_id == shop_id,
            outbox.c.status.in_(("dead", "unknown")),
        )
        .values(status="queued", next_at=unit.now, failures=0, repeats=0, expires_at=None, error="")
    )
    unit.ring("outbox")
    return touched == 1


async def move_chat(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> None:
    """What was about to be said in one lane's chat is said in the other's."""
    await unit.run(
        update(outbox)
        .where(
            outbox.c.shop_id == shop_id,
            outbox.c.stream == f"chat:{from_lane}",
            outbox.c.status == "queued",
        )
        .values(lane_id=to_lane, stream=f"chat:{to_lane}")
    )
