"""Recognising our own messages when the platform shows them to us again."""

from __future__ import annotations

import msgspec
from sqlalchemy import or_, select, update

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


class Flying(msgspec.Struct, frozen=True):
    """A row that left without a recorded answer."""

    id: int
    text: str


async def in_flight(unit: Unit, shop_id: str, lane_id: str) -> list[Flying]:
    """What left for this lane's person and has no recorded answer, oldest first."""
    rows = await unit.rows(
        select(outbox.c.id, outbox.c.job)
        .where(
            outbox.c.shop_id == shop_id,
            outbox.c.lane_id == lane_id,
            outbox.c.status.in_(("sending", "waiting")),
            outbox.c.reference.is_(None),
        )
        .order_by(outbox.c.id)
    )
    flying = []
    for row in rows:
        job = decode_job(row.job)
        flying.append(Flying(row.id, job.message.text if isinstance(job, ChannelSend) else ""))
    return flying


async def settle_by_echo(unit: Unit, outbox_id: int, reference: str) -> bool:
    """An echo proves that this row arrived: nobody sends it again.

    A row still being sent only gets the message's id; its sender records the rest, or, if that
    died, the next one sees from the id that nothing is left to do.
    """
    waiting = await unit.run(
        update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.status == "waiting")
        .values(status="sent", reference=reference, done_at=unit.now, error="settled by its echo")
    )
    sending = await unit.run(
        update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.status == "sending")
        .values(reference=reference)
    )
    unit.ring("outbox")
    return waiting + sending == 1


async def unaccounted(unit: Unit, shop_id: str, lane_id: str) -> bool:
    """Did anything reach this person, perhaps, under a message id that we never learned?"""
    found = await unit.value(
        select(outbox.c.id)
        .where(
            outbox.c.shop_id == shop_id,
            outbox.c.lane_id == lane_id,
            outbox.c.status.in_(("sending", "waiting", "unknown", "sent")),
            or_(outbox.c.reference.is_(None), outbox.c.reference == ""),
            outbox.c.repeats > 0,
        )
        .limit(1)
    )
    return found is not None
