"""Recognising our own messages when the platform shows them to us again."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core.outbound import ChannelSend
from app.db.unit import Unit
from app.outbox.claim import decode_job
from app.outbox.models import outbox


async def sent_as(unit: Unit, shop_id: str, reference: str) -> bool:
    """Did one of our own sends get this message id?"""
    found = await unit.value(
        select(outbox.c.id).where(outbox.c.shop_id == shop_id, outbox.c.reference == reference)
    )
    return found is not None


async def in_flight(unit: Unit, stream: str) -> list[tuple[int, str, str]]:
    """Rows of a stream that left without a recorded answer: (id, status, text)."""
    rows = await unit.rows(
        select(outbox.c.id, outbox.c.status, outbox.c.job).where(
            outbox.c.stream == stream, outbox.c.status.in_(("sending", "waiting"))
        )
    )
    texts = []
    for row in rows:
        job = decode_job(row.job)
        text = job.message.text if isinstance(job, ChannelSend) else ""
        texts.append((int(row.id), str(row.status), text))
    return texts


async def settle_waiting(unit: Unit, outbox_id: int, reference: str) -> bool:
    """An echo proves that a send of unknown outcome arrived."""
    touched = await unit.run(
        update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.status == "waiting")
        .values(status="sent", reference=reference, done_at=unit.now, error="settled by its echo")
    )
    unit.ring("outbox")
    return touched == 1
