"""The outbox for those who only look: web chat pages, transcripts, the log of what went out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select

from app.core.outbound import Job
from app.db.unit import Unit
from app.outbox.claim import decode_job
from app.outbox.models import outbox


class OutRow(msgspec.Struct, frozen=True):
    """A row of the outbox. `stored` is its job as JSON; `rule` names what forbade it."""

    id: int
    shop_id: str
    stream: str
    channel: str
    account_id: str
    key: str
    lane_id: str | None
    stored: bytes
    purpose: str
    status: str
    attempt: int
    failures: int
    next_at: datetime
    expires_at: datetime | None
    depends_on: str | None
    reference: str | None
    answer: dict[str, str] | None
    rule: str | None
    error: str
    created_at: datetime
    done_at: datetime | None

    def job(self) -> Job:
        """The job itself."""
        return decode_job(self.stored)


_COLUMNS = (
    outbox.c.id, outbox.c.shop_id, outbox.c.stream, outbox.c.channel, outbox.c.account_id,
    outbox.c.key, outbox.c.lane_id, outbox.c.job, outbox.c.purpose, outbox.c.status,
    outbox.c.attempt, outbox.c.failures, outbox.c.next_at, outbox.c.expires_at,
    outbox.c.depends_on, outbox.c.reference, outbox.c.answer, outbox.c.rule, outbox.c.error,
    outbox.c.created_at, outbox.c.done_at,
)  # fmt: skip


async def out_row(unit: Unit, shop_id: str, outbox_id: int) -> OutRow | None:
    """One row of a shop."""
    found = await _rows(unit, outbox.c.shop_id == shop_id, outbox.c.id == outbox_id, limit=1)
    return found[0] if found else None


async def newest_out(unit: Unit, shop_id: str, limit: int = 50) -> list[OutRow]:
    """The newest rows of a shop, newest first."""
    return await _rows(unit, outbox.c.shop_id == shop_id, limit=limit)


async def left_for(
    unit: Unit,
    shop_id: str,
    lane_id: str,
    *,
    after: int = 0,
    channel: str | None = None,
    statuses: Collection[str] = (),
    limit: int = 200,
    newest: bool = False,
) -> list[OutRow]:
    """Rows of a lane after that id, oldest first; of one channel and in some states only, if named.
    The first `limit` of them, or with `newest` the last.

    Rows of one lane are written under its lock, so their ids come in the order of what was said.
    """
    where = [outbox.c.shop_id == shop_id, outbox.c.lane_id == lane_id, outbox.c.id > after]
    if channel is not None:
        where.append(outbox.c.channel == channel)
    if statuses:
        where.append(outbox.c.status.in_(statuses))
    found = await _rows(unit, *where, limit=limit, newest=newest)
    return found[::-1] if newest else found


async def _rows(
    unit: Unit, *where: ColumnElement[bool], limit: int, newest: bool = True
) -> list[OutRow]:
    order = outbox.c.id.desc() if newest else outbox.c.id
    rows: Sequence[Any] = await unit.rows(
        select(*_COLUMNS).where(*where).order_by(order).limit(limit)
    )
    return [OutRow(*row) for row in rows]
