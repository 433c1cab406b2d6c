"""The inbox page by page: the log of a shop, what was parked, what a conversation heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select

from app.core.errors import NotFound
from app.core.inbound import AnyEvent
from app.db.unit import Unit
from app.inbox.arrival import decode
from app.inbox.models import alias, inbox, lane


class Heard(msgspec.Struct, frozen=True):
    """An event as its merchant may see it: without the raw body."""

    id: int
    channel: str
    account: str
    address: str
    kind: str
    stored: bytes
    occurred_at: datetime
    received_at: datetime
    status: str
    attempts: int
    note: str
    lane_id: str | None
    outcome: dict[str, str] | None
    done_at: datetime | None

    def event(self) -> AnyEvent | None:
        """The event itself; None when a newer version wrote it."""
        try:
            return decode(self.stored)
        except msgspec.ValidationError:
            return None


_SEEN = (
    inbox.c.id, inbox.c.channel, inbox.c.account, inbox.c.address, inbox.c.kind, inbox.c.event,
    inbox.c.occurred_at, inbox.c.received_at, inbox.c.status, inbox.c.attempts, inbox.c.note,
    inbox.c.lane_id, inbox.c.outcome, inbox.c.done_at,
)  # fmt: skip


async def page_of_events(
    unit: Unit,
    shop_id: str,
    before: int | None,
    limit: int,
    *,
    status: str | None = None,
    kind: str | None = None,
) -> list[Heard]:
    """At most `limit` events, the newest first, older than `before`."""
    where = [inbox.c.shop_id == shop_id]
    if before is not None:
        where.append(inbox.c.id < before)
    if status is not None:
        where.append(inbox.c.status == status)
    if kind is not None:
        where.append(inbox.c.kind == kind)
    return await _heard(unit, where, (inbox.c.id.desc(),), limit)


async def event_of(unit: Unit, shop_id: str, inbox_id: int) -> Heard:
    """One event. Raises `NotFound`."""
    where = [inbox.c.shop_id == shop_id, inbox.c.id == inbox_id]
    found = await _heard(unit, where, (inbox.c.id,), 1)
    if not found:
        raise NotFound("The shop has no such event.", code="no-event")
    return found[0]


async def page_of_parked(
    unit: Unit, shop_id: str, before: tuple[datetime, int] | None, limit: int
) -> list[Heard]:
    """Events set aside, the last first, from before that moment (and id)."""
    where = [inbox.c.shop_id == shop_id, inbox.c.status == "parked"]
    if before is not None:
        at, inbox_id = before
        same = and_(inbox.c.done_at == at, inbox.c.id < inbox_id)
        where.append(or_(inbox.c.done_at < at, same))
    return await _heard(unit, where, (inbox.c.done_at.desc(), inbox.c.id.desc()), limit)


async def page_of_heard(
    unit: Unit, shop_id: str, lane_id: str, after: tuple[datetime, int] | None, limit: int
) -> list[Heard]:
    """What came for a lane, whatever address it came for, the oldest first."""
    addresses = select(alias.c.address).where(
        alias.c.shop_id == shop_id, alias.c.lane_id == lane_id
    )
    where = [inbox.c.shop_id == shop_id, inbox.c.address.in_(addresses)]
    if after is not None:
        at, inbox_id = after
        same = and_(inbox.c.occurred_at == at, inbox.c.id > inbox_id)
        where.append(or_(inbox.c.occurred_at > at, same))
    return await _heard(unit, where, (inbox.c.occurred_at, inbox.c.id), limit)


async def lane_now(unit: Unit, shop_id: str, lane_id: str) -> str | None:
    """The lane that this one is by now, following joins; None when the shop has none such."""
    known: str | None = lane_id
    while known is not None:
        row = await unit.row(
            select(lane.c.joined_into).where(lane.c.shop_id == shop_id, lane.c.id == known)
        )
        if row is None:
            return None
        if row.joined_into is None:
            return known
        known = row.joined_into
    return None


async def lanes_within(unit: Unit, shop_id: str, lane_id: str) -> list[str]:
    """This lane and all that became one with it."""
    found, fresh = [lane_id], [lane_id]
    while fresh:
        rows = await unit.rows(
            select(lane.c.id).where(lane.c.shop_id == shop_id, lane.c.joined_into.in_(fresh))
        )
        fresh = [row.id for row in rows if row.id not in found]
        found += fresh
    return found


async def _heard(
    unit: Unit, where: list[ColumnElement[bool]], order: tuple[Any, ...], limit: int
) -> list[Heard]:
    rows: Sequence[Any] = await unit.rows(
        select(*_SEEN).where(*where).order_by(*order).limit(limit)
    )
    return [Heard(*row) for row in rows]
