"""The outbox page by page: the log of a shop, what did not arrive, what a conversation was told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select

from app.core.errors import NotFound
from app.core.outbound import Job
from app.db.unit import Unit
from app.outbox.claim import decode_job
from app.outbox.models import outbox

LOST = ("dead", "unknown", "refused")


class Sent(msgspec.Struct, frozen=True):
    """A row of the outbox as its merchant may see it."""

    id: int
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
    rule: str | None
    error: str
    reference: str | None
    next_at: datetime
    expires_at: datetime | None
    created_at: datetime
    done_at: datetime | None

    def job(self) -> Job | None:
        """What was to be sent; None when a newer version wrote it."""
        try:
            return decode_job(self.stored)
        except msgspec.ValidationError:
            return None


_SEEN = (
    outbox.c.id, outbox.c.stream, outbox.c.channel, outbox.c.account_id, outbox.c.key,
    outbox.c.lane_id, outbox.c.job, outbox.c.purpose, outbox.c.status, outbox.c.attempt,
    outbox.c.failures, outbox.c.rule, outbox.c.error, outbox.c.reference, outbox.c.next_at,
    outbox.c.expires_at, outbox.c.created_at, outbox.c.done_at,
)  # fmt: skip


async def page_of_outbox(
    unit: Unit, shop_id: str, before: int | None, limit: int, *, status: str | None = None
) -> list[Sent]:
    """At most `limit` rows, the newest first, older than `before`."""
    where = [outbox.c.shop_id == shop_id]
    if before is not None:
        where.append(outbox.c.id < before)
    if status is not None:
        where.append(outbox.c.status == status)
    return await _sent(unit, where, (outbox.c.id.desc(),), limit)


async def outbox_row(unit: Unit, shop_id: str, outbox_id: int) -> Sent:
    """One row. Raises `NotFound`."""
    where = [outbox.c.shop_id == shop_id, outbox.c.id == outbox_id]
    found = await _sent(unit, where, (outbox.c.id,), 1)
    if not found:
        raise NotFound("The shop has no such outbox row.", code="no-outbox-row")
    return found[0]


async def page_of_lost(
    unit: Unit, shop_id: str, before: tuple[datetime, int] | None, limit: int
) -> list[Sent]:
    """What did not arrive, or may not have, the last first, from before that moment (and id)."""
    where = [outbox.c.shop_id == shop_id, outbox.c.status.in_(LOST)]
    if before is not None:
        at, outbox_id = before
        same = and_(outbox.c.done_at == at, outbox.c.id < outbox_id)
        where.append(or_(outbox.c.done_at < at, same))
    return await _sent(unit, where, (outbox.c.done_at.desc(), outbox.c.id.desc()), limit)


async def page_of_said(
    unit: Unit,
    shop_id: str,
    lane_ids: Collection[str],
    after: tuple[datetime, int] | None,
    limit: int,
) -> list[Sent]:
    """What was said in these lanes, the oldest first, from after that moment (and id)."""
    where = [outbox.c.shop_id == shop_id, outbox.c.lane_id.in_(list(lane_ids))]
    if after is not None:
        at, outbox_id = after
        same = and_(outbox.c.created_at == at, outbox.c.id > outbox_id)
        where.append(or_(outbox.c.created_at > at, same))
    return await _sent(unit, where, (outbox.c.created_at, outbox.c.id), limit)


async def _sent(
    unit: Unit, where: list[ColumnElement[bool]], order: tuple[Any, ...], limit: int
) -> list[Sent]:
    rows: Sequence[Any] = await unit.rows(
        select(*_SEEN).where(*where).order_by(*order).limit(limit)
    )
    return [Sent(*row) for row in rows]
