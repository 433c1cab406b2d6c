"""Conversations page by page, and one with its whole transcript."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, select

from app.conversations.models import conversation
from app.core.errors import NotFound
from app.core.inbound import Echoed
from app.db.unit import Unit
from app.inbox.pages import Heard, lane_now, lanes_within, page_of_heard
from app.outbox.echo import sent_as
from app.outbox.pages import Sent, page_of_said

# What belongs to the story of a chat; timers, reports and read receipts do not.
STORY = frozenset({
    "commented", "said", "tapped", "media", "arrived", "reacted", "edited", "unsent",
    "taken-over", "handed-back", "merchant-said", "cancel-asked", "refund-asked",
    "shipment-marked", "payment-reported", "address-filled",
})  # fmt: skip


class ConversationRow(msgspec.Struct, frozen=True):
    """A conversation as its merchant sees it; `id` is that of its lane."""

    id: str
    channel: str
    account_id: str
    scene: str
    person: bool
    reason: str
    waiting_since: datetime | None
    window_until: datetime | None
    last_in_at: datetime | None
    changed_at: datetime
    created_at: datetime


class Wanted(msgspec.Struct, frozen=True):
    """Which conversations are meant; what is None does not matter."""

    channel: str | None = None
    person: bool | None = None
    waiting: bool | None = None
    changed_since: datetime | None = None


Place = tuple[datetime, int, int]  # (moment, 0 for what came and 1 for what went, id)


async def page_of_conversations(
    unit: Unit, shop_id: str, wanted: Wanted, after: str | None, limit: int
) -> list[ConversationRow]:
    """At most `limit` conversations, the youngest first; their order never changes."""
    query = select(conversation).where(conversation.c.shop_id == shop_id)
    if after is not None:
        query = query.where(conversation.c.lane_id < after)
    if wanted.channel is not None:
        query = query.where(conversation.c.channel == wanted.channel)
    if wanted.person is not None:
        query = query.where(conversation.c.person == wanted.person)
    if wanted.waiting is not None:
        waits = conversation.c.waiting_since.is_not(None)
        query = query.where(waits if wanted.waiting else ~waits)
    if wanted.changed_since is not None:
        query = query.where(conversation.c.changed_at >= wanted.changed_since)
    rows = await unit.rows(query.order_by(conversation.c.lane_id.desc()).limit(limit))
    return [_conversation(row) for row in rows]


async def conversation_of(unit: Unit, shop_id: str, conversation_id: str) -> ConversationRow:
    """The conversation, or the one that it went up in. Raises `NotFound`."""
    lane_id = await lane_now(unit, shop_id, conversation_id)
    query = select(conversation).where(
        conversation.c.shop_id == shop_id, conversation.c.lane_id == lane_id
    )
    row = await unit.row(query) if lane_id is not None else None
    if row is None:
        raise NotFound("The shop has no such conversation.", code="no-conversation")
    return _conversation(row)


async def transcript(
    unit: Unit, shop_id: str, lane_id: str, after: Place | None, limit: int
) -> tuple[list[Heard | Sent], Place | None]:
    """What was said on both sides, the oldest first, and where to go on (None: that was all)."""
    heard = await page_of_heard(unit, shop_id, lane_id, _from(after, 0), limit + 1)
    lanes = await lanes_within(unit, shop_id, lane_id)
    said = await page_of_said(unit, shop_id, lanes, _from(after, 1), limit + 1)
    both: list[Heard | Sent] = [*heard, *said]
    both.sort(key=_place)
    shown = [one for one in both[:limit] if await _told(unit, shop_id, one)]
    return shown, _place(both[limit - 1]) if len(both) > limit else None


async def _told(unit: Unit, shop_id: str, one: Heard | Sent) -> bool:
    """Is this part of the story? An echo of our own message would tell it twice."""
    if isinstance(one, Sent):
        return True
    event = one.event()
    if isinstance(event, Echoed):
        return not await sent_as(unit, shop_id, event.message_id)
    return one.kind in STORY


def _place(one: Heard | Sent) -> Place:
    if isinstance(one, Heard):
        return one.occurred_at, 0, one.id
    return one.created_at, 1, one.id


def _from(after: Place | None, side: int) -> tuple[datetime, int] | None:
    """Where that side goes on: at the same moment, what came stands before what went."""
    if after is None:
        return None
    at, last_side, last_id = after
    if side == last_side:
        return at, last_id
    return (at, 0) if side > last_side else (at, _ALL)


_ALL = 2**62  # greater than any id: nothing more of that moment


def _conversation(row: Row[Any]) -> ConversationRow:
    names = [name for name in ConversationRow.__struct_fields__ if name != "id"]
    known = {name: row._mapping[name] for name in names}
    return ConversationRow(id=row.lane_id, **known)
