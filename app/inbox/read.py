"""The inbox for those who only look: pages that wait, transcripts, the log of what came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select

from app.core.inbound import AnyEvent
from app.db.unit import Unit
from app.inbox.arrival import decode
from app.inbox.models import alias, inbox


class InRow(msgspec.Struct, frozen=True):
    """A row of the inbox. `stored` is the event as we read it, `raw` the platform's own words."""

    id: int
    shop_id: str
    channel: str
    account: str
    key: str
    address: str
    kind: str
    stored: bytes
    raw: bytes | None
    extra: str
    occurred_at: datetime
    received_at: datetime
    status: str
    attempts: int
    note: str
    lane_id: str | None
    outcome: dict[str, str] | None
    done_at: datetime | None

    def event(self) -> AnyEvent:
        """The event itself; raises `msgspec.ValidationError` when a newer version wrote it."""
        return decode(self.stored)


_COLUMNS = (
    inbox.c.id, inbox.c.shop_id, inbox.c.channel, inbox.c.account, inbox.c.key, inbox.c.address,
    inbox.c.kind, inbox.c.event, inbox.c.raw, inbox.c.extra, inbox.c.occurred_at,
    inbox.c.received_at, inbox.c.status, inbox.c.attempts, inbox.c.note, inbox.c.lane_id,
    inbox.c.outcome, inbox.c.done_at,
)  # fmt: skip


async def inbox_id_of(unit: Unit, shop_id: str, channel: str, account: str, key: str) -> int | None:
    """The row of that key, None when there is none (any more)."""
    found = await unit.value(
        select(inbox.c.id).where(
            inbox.c.shop_id == shop_id,
            inbox.c.channel == channel,
            inbox.c.account == account,
            inbox.c.key == key,
        )
    )
    return None if found is None else int(found)


async def in_row(unit: Unit, shop_id: str, inbox_id: int) -> InRow | None:
    """One row of a shop."""
    found = await _rows(unit, inbox.c.shop_id == shop_id, inbox.c.id == inbox_id, limit=1)
    return found[0] if found else None


async def newest_in(unit: Unit, shop_id: str, limit: int = 50) -> list[InRow]:
    """The newest rows of a shop, newest first."""
    return await _rows(unit, inbox.c.shop_id == shop_id, limit=limit)


async def came_for(unit: Unit, shop_id: str, lane_id: str, limit: int = 200) -> list[InRow]:
    """The newest rows that belong to a lane, whatever address they came for; oldest first."""
    addresses = select(alias.c.address).where(
        alias.c.shop_id == shop_id, alias.c.lane_id == lane_id
    )
    found = await _rows(
        unit, inbox.c.shop_id == shop_id, inbox.c.address.in_(addresses), limit=limit
    )
    return found[::-1]


async def _rows(unit: Unit, *where: ColumnElement[bool], limit: int) -> list[InRow]:
    rows: Sequence[Any] = await unit.rows(
        select(*_COLUMNS).where(*where).order_by(inbox.c.id.desc()).limit(limit)
    )
    return [InRow(*row) for row in rows]
