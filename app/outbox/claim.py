"""The SQL of the outbox: claim the head of each stream, record what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import and_, exists, or_, select, update

from app.core.outbound import Answered, Job
from app.db.unit import Unit
from app.outbox.models import OPEN, outbox

_decoder: msgspec.json.Decoder[Job] = msgspec.json.Decoder(Job)

LEASE = timedelta(seconds=30)  # longer than any call's time-out, so that a live sender keeps it


class Claimed(msgspec.Struct, frozen=True):
    """A row this process may send. `attempt` fences it: only the newest attempt may record.

    `unknown_before` is set when an earlier attempt left without a recorded answer, `seen_as` is the
    message's id when an echo has proved meanwhile that it arrived; `depends` is the
    status of the row this one waited for.
    """

    id: int
    shop_id: str
    stream: str
    channel: str
    account_id: str
    key: str
    lane_id: str | None
    job: Job
    purpose: str
    attempt: int
    failures: int
    repeats: int
    unknown_before: bool
    seen_as: str | None
    expires_at: datetime | None
    depends: str | None
    report: bool
    created_at: datetime


def decode_job(stored: bytes) -> Job:
    """The job of an outbox row."""
    return _decoder.decode(stored)


async def claim(
    unit: Unit, limit: int, *, parked: Collection[str] = (), busy: Collection[str] = ()
) -> list[Claimed]:
    """Leases the head rows of up to `limit` streams, except those of parked or busy accounts."""
    earlier = outbox.alias("earlier")
    before = outbox.alias("before")
    due = or_(
        and_(outbox.c.status.in_(("queued", "waiting")), outbox.c.next_at <= unit.now),
        and_(outbox.c.status == "sending", outbox.c.lease_until < unit.now),
    )
    head = ~exists().where(
        earlier.c.stream == outbox.c.stream,
        earlier.c.id < outbox.c.id,
        earlier.c.status.in_(OPEN),
    )
    statement = (
        select(outbox, before.c.status.label("depends"))
        .outerjoin(
            before,
            (before.c.shop_id == outbox.c.shop_id) & (before.c.key == outbox.c.depends_on),
        )
        .where(
            outbox.c.status.in_(OPEN),
            due,
            head,
            or_(before.c.id.is_(None), before.c.status.notin_(OPEN)),
            outbox.c.account_id.notin_([*parked, *busy]),
        )
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    rows = await unit.rows(statement)
    if not rows:
        return []
    await unit.run(
        update(outbox)
        .where(outbox.c.id.in_([row.id for row in rows]))
        .values(
            status="sending",
            attempt=outbox.c.attempt + 1,
            lease_until=unit.now + LEASE,
        )
    )
    return [_claimed(row) for row in rows]


def _claimed(row: Any) -> Claimed:
    return Claimed(
        id=row.id,
        shop_id=row.shop_id,
        stream=row.stream,
        channel=row.channel,
        account_id=row.account_id,
        key=row.key,
        lane_id=row.lane_id,
        job=decode_job(row.job),
        purpose=row.purpose,
        attempt=row.attempt + 1,
        failures=row.failures,
        repeats=row.repeats,
        unknown_before=row.status in ("sending", "waiting"),
        seen_as=row.reference,
        expires_at=row.expires_at,
        depends=row.depends,
        report=not row.reported,
        created_at=row.created_at,
    )


async def record(
    unit: Unit,
    claimed: Claimed,
    status: str,
    *,
    answered: Answered | None = None,
    next_at: datetime | None = None,
    rule: str | None = None,
    error: str = "",
    failures: int | None = None,
    repeats: int | None = None,
) -> bool:
    """Writes what became of an attempt; false when a later attempt took the row over."""
    values: dict[str, Any] = {
        "status": status,
        "lease_until": None,
        "rule": rule,
        "error": error[:1000].replace("\x00", ""),
        "failures": claimed.failures if failures is None else failures,
        "repeats": claimed.repeats if repeats is None else repeats,
    }
    if next_at is not None:
        values["next_at"] = next_at
    if status not in OPEN:
        values["done_at"] = unit.now
    if answered is not None:
        values["reference"] = answered.reference[:190]
        values["answer"] = dict(answered.details)
    touched = await unit.run(
        update(outbox)
        .where(
            outbox.c.id == claimed.id,
            outbox.c.attempt == claimed.attempt,
            outbox.c.status == "sending",
        )
        .values(**values)
    )
    unit.ring("outbox")
    if claimed.lane_id:
        unit.ring(f"lane:{claimed.lane_id}")
    return touched == 1
