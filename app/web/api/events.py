"""What came in and what is going out: to follow a write that takes long, and to look for faults."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Path, Query
from pydantic import Field
from starlette.responses import Response

from app.core.outbound import ChannelSend, Job
from app.inbox.pages import Heard, event_of, page_of_events
from app.outbox.pages import Sent, outbox_row, page_of_outbox
from app.web.api.answers import listed
from app.web.api.caller import Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.shapes import Asked, Moment, Out, Page

endpoints = Endpoints("events and outbox")
EVENTS, OUTBOX = "events", "outbox"
LONGEST = 2**62

EventId = Annotated[int, Path(ge=0, le=LONGEST, examples=[1042])]
OutboxId = Annotated[int, Path(ge=0, le=LONGEST, examples=[388])]
InStatus = Literal["new", "done", "parked", "ignored", "unmatched"]
OutStatus = Literal[
    "queued", "sending", "waiting", "sent", "unknown", "refused", "dead", "expired", "dropped"
]
Kind = Annotated[Asked | None, Query(examples=["commented"])]
# Who holds these may do more than look: tokens open pages, addresses are people's own.
PRIVATE = frozenset({"token", "link", "address", "email", "url"})


class EventOut(Out):
    """An event. `outcome` is the answer to whoever waits for it; `note` says why it did nothing."""

    id: int = Field(examples=[1042])
    kind: str = Field(examples=["shipment-marked"])
    status: str = Field(description="new | done | parked | ignored | unmatched", examples=["done"])
    conversation_id: str | None = Field(examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    channel: str = Field(examples=["house"])
    occurred_at: Moment
    received_at: Moment
    done_at: datetime | None = Field(examples=["2026-11-02T03:00:01Z"])
    attempts: int = Field(examples=[1])
    note: str = Field(examples=[""])
    outcome: dict[str, str] | None = Field(examples=[{"code": "done"}])
    event: dict[str, Any] | None = Field(
        description="With the scope events:read only.",
        examples=[{"kind": "shipment-marked", "carrier": "CJ", "tracking": "6123"}],
    )


class EventPage(Page[EventOut]):
    """Some events, the newest first."""


class OutboxOut(Out):
    """Something that leaves, left, or could not. `rule` names the platform's rule against it."""

    id: int = Field(examples=[388])
    stream: str = Field(examples=["chat:ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    channel: str = Field(examples=["instagram"])
    account_id: str = Field(examples=["acc_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    conversation_id: str | None = Field(examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    kind: str = Field(examples=["channel"])
    text: str = Field(examples=["Your order 4K-219 is on its way."])
    purpose: str = Field(examples=["shipping"])
    status: str = Field(examples=["sent"])
    attempts: int = Field(examples=[1])
    rule: str | None = Field(examples=[None])
    error: str = Field(examples=[""])
    next_at: Moment
    created_at: Moment
    done_at: datetime | None = Field(examples=["2026-11-02T03:00:01Z"])


class OutboxPage(Page[OutboxOut]):
    """Some outbox rows, the newest first."""


@endpoints.get("/events", EventPage, "events:read")
async def list_events(
    caller: Calling,
    limit: Limit = 50,
    cursor: Cursor = None,
    status: InStatus | None = None,
    kind: Kind = None,
) -> Response:
    """What came in, the newest first."""
    at = caller.position(EVENTS, cursor)
    before = int(at[0]) if at else None
    async with caller.read() as unit:
        rows = await page_of_events(
            unit, caller.shop_id, before, limit + 1, status=status, kind=kind
        )
    return listed(caller, EVENTS, EventPage, shown_event, rows, limit)


@endpoints.get(
    "/events/{event_id}", EventOut, ("events:read", "orders:write", "conversations:write")
)
async def get_event(caller: Calling, event_id: EventId) -> Response:
    """One event: what became of a write that was answered 202."""
    async with caller.read() as unit:
        row = await event_of(unit, caller.shop_id, event_id)
    return caller.show(shown_event(row, whole=caller.holder.may("events:read")))


@endpoints.get("/outbox", OutboxPage, "events:read")
async def list_outbox(
    caller: Calling, limit: Limit = 50, cursor: Cursor = None, status: OutStatus | None = None
) -> Response:
    """What leaves or left, the newest first."""
    at = caller.position(OUTBOX, cursor)
    async with caller.read() as unit:
        rows = await page_of_outbox(
            unit, caller.shop_id, int(at[0]) if at else None, limit + 1, status=status
        )
    return listed(caller, OUTBOX, OutboxPage, shown_outbox, rows, limit)


@endpoints.get("/outbox/{outbox_id}", OutboxOut, "events:read")
async def get_outbox_row(caller: Calling, outbox_id: OutboxId) -> Response:
    """One row of the outbox."""
    async with caller.read() as unit:
        row = await outbox_row(unit, caller.shop_id, outbox_id)
    return caller.show(shown_outbox(row))


def shown_event(row: Heard, *, whole: bool = True) -> EventOut:
    """The event as it is shown; its note without the way that led to it."""
    return EventOut(
        id=row.id,
        kind=row.kind,
        status=row.status,
        conversation_id=row.lane_id,
        channel=row.channel,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        done_at=row.done_at,
        attempts=row.attempts,
        note=last_line(row.note),
        outcome=row.outcome,
        event=_open(msgspec.to_builtins(row.event())) if whole else None,
    )


def shown_outbox(row: Sent) -> OutboxOut:
    """The row as it is shown: its words, without links and tokens."""
    kind, text = words_of(row.job())
    return OutboxOut(
        id=row.id,
        stream=row.stream,
        channel=row.channel,
        account_id=row.account_id,
        conversation_id=row.lane_id,
        kind=kind,
        text=text,
        purpose=row.purpose,
        status=row.status,
        attempts=row.attempt,
        rule=row.rule,
        error=row.error,
        next_at=row.next_at,
        created_at=row.created_at,
        done_at=row.done_at,
    )


def words_of(job: Job | None) -> tuple[str, str]:
    """What kind of job it is, and what it says."""
    if job is None:
        return "unknown", ""
    kind = str(type(job).__struct_config__.tag)
    return kind, job.message.text if isinstance(job, ChannelSend) else ""


def last_line(note: str) -> str:
    """Of a traceback, what went wrong alone."""
    lines = note.strip().splitlines()
    return lines[-1][:300] if lines else ""


def _open(event: dict[str, Any] | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {name: value for name, value in event.items() if name not in PRIVATE}
