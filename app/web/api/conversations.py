"""Conversations: who writes, what was said, and a person of the shop who steps in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from app.conversations.pages import (
    ConversationRow,
    Place,
    Wanted,
    conversation_of,
    page_of_conversations,
    transcript,
)
from app.core.inbound import AnyEvent, HandedBack, MerchantSaid, TakenOver
from app.core.outbound import ChannelSend
from app.inbox.pages import Heard
from app.members.pages import ContactRow, contacts_in
from app.outbox.pages import Sent
from app.web.api.answers import listed
from app.web.api.asking import ask
from app.web.api.caller import Caller, Calling
from app.web.api.cursors import Cursor, Limit, Position
from app.web.api.endpoints import Endpoints
from app.web.api.events import EventOut, shown_event
from app.web.api.shapes import Asked, Form, Moment, OneId, Out, Page, Text

endpoints = Endpoints("conversations")
LIST = "conversations"

Id = Annotated[OneId, Path(examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]
Channel = Annotated[Asked | None, Query(examples=["instagram"])]
Person = Annotated[bool | None, Query(description="Does a person of the shop answer?")]
Waiting = Annotated[bool | None, Query(description="Does the shopper wait for a person?")]
Changed = Annotated[
    AwareDatetime | None,
    Query(description="Changed at or after.", examples=["2026-11-01T00:00:00Z"]),
]


class ReplyForm(Form):
    """What a person of the shop says."""

    text: Annotated[Text, Field(min_length=1, max_length=2000, examples=["It ships tomorrow!"])]


class ConversationOut(Out):
    """A conversation. Nobody may write into it after `window_until`, where that is set."""

    id: str = Field(examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    channel: str = Field(examples=["instagram"])
    account_id: str = Field(examples=["acc_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    scene: str = Field(examples=["browse"])
    person: bool = Field(description="A person of the shop answers.", examples=[False])
    reason: str = Field(description="Why a person is asked for.", examples=[""])
    waiting_since: datetime | None = Field(examples=[None])
    window_until: datetime | None = Field(examples=["2026-11-03T02:59:00Z"])
    last_in_at: datetime | None = Field(examples=["2026-11-02T03:00:00Z"])
    changed_at: Moment
    created_at: Moment
    contact_id: str | None = Field(examples=["con_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    member_id: str | None = Field(examples=["mem_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    handle: str = Field(examples=["mina.k"])
    name: str = Field(examples=["Mina"])


class ConversationPage(Page[ConversationOut]):
    """Some conversations, the youngest first."""


class SaidOut(Out):
    """One thing that was said or done."""

    side: Literal["in", "out"] = Field(examples=["out"])
    id: int = Field(examples=[388])
    kind: str = Field(examples=["channel"])
    text: str = Field(examples=["Which glaze?"])
    choices: list[str] = Field(examples=[["black", "white"]])
    status: str = Field(examples=["sent"])
    rule: str | None = Field(examples=[None])
    at: Moment


class TranscriptPage(Page[SaidOut]):
    """What was said on both sides, the oldest first."""


@endpoints.get("/conversations", ConversationPage, "conversations:read")
async def list_conversations(
    caller: Calling,
    limit: Limit = 50,
    cursor: Cursor = None,
    channel: Channel = None,
    person: Person = None,
    waiting: Waiting = None,
    changed_since: Changed = None,
) -> Response:
    """The shop's conversations, the youngest first. Ask again with `changed_since` to follow."""
    wanted = Wanted(channel, person, waiting, changed_since)
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        rows = await page_of_conversations(unit, caller.shop_id, wanted, after, limit + 1)
        people = await contacts_in(unit, caller.shop_id, [row.id for row in rows])

    def shown(row: ConversationRow) -> ConversationOut:
        return _shown(row, people.get(row.id))

    return listed(caller, LIST, ConversationPage, shown, rows, limit)


@endpoints.get("/conversations/{conversation_id}", ConversationOut, "conversations:read")
async def get_conversation(caller: Calling, conversation_id: Id) -> Response:
    """One conversation. Of one that went up in another, that other."""
    async with caller.read() as unit:
        row = await conversation_of(unit, caller.shop_id, conversation_id)
        people = await contacts_in(unit, caller.shop_id, [row.id])
    return caller.show(_shown(row, people.get(row.id)))


@endpoints.get("/conversations/{conversation_id}/transcript", TranscriptPage, "conversations:read")
async def get_transcript(
    caller: Calling, conversation_id: Id, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """What the shopper, the house and the shop's people said and did, in order."""
    async with caller.read() as unit:
        row = await conversation_of(unit, caller.shop_id, conversation_id)
        name = f"transcript {row.id}"
        after = _place(caller.position(name, cursor))
        said, more = await transcript(unit, caller.shop_id, row.id, after, limit)
    position: Position | None = None if more is None else [more[0].isoformat(), more[1], more[2]]
    items = [_said(one) for one in said]
    return caller.show(TranscriptPage(items=items, next_cursor=caller.cursor(name, position)))


@endpoints.write(
    "POST", "/conversations/{conversation_id}/take-over", EventOut, "conversations:write",
    waits=True,
)  # fmt: skip
async def take_over_conversation(caller: Calling, conversation_id: Id) -> Response:
    """A person of the shop answers from now on; the bot is silent."""
    return await _asked(caller, conversation_id, TakenOver(by=caller.name))


@endpoints.write(
    "POST", "/conversations/{conversation_id}/reply", EventOut, "conversations:write", waits=True
)
async def reply_to_conversation(caller: Calling, conversation_id: Id, form: ReplyForm) -> Response:
    """Says something into the chat. The transcript tells whether the platform took it."""
    return await _asked(caller, conversation_id, MerchantSaid(text=form.text, by=caller.name))


@endpoints.write(
    "POST", "/conversations/{conversation_id}/hand-back", EventOut, "conversations:write",
    waits=True,
)  # fmt: skip
async def hand_back_conversation(caller: Calling, conversation_id: Id) -> Response:
    """The bot answers again, where it stopped."""
    return await _asked(caller, conversation_id, HandedBack(by=caller.name))


async def _asked(caller: Caller, conversation_id: str, event: AnyEvent) -> Response:
    async with caller.read() as unit:
        row = await conversation_of(unit, caller.shop_id, conversation_id)
    heard, done = await ask(caller, row.id, event)
    shown = shown_event(heard, whole=False)
    where = f"/api/v1/events/{heard.id}"
    return caller.tell(shown, status=200 if done else 202, location=None if done else where)


def _shown(row: ConversationRow, contact: ContactRow | None) -> ConversationOut:
    known = {name: getattr(row, name) for name in ConversationRow.__struct_fields__}
    return ConversationOut(
        **known,
        contact_id=contact.id if contact else None,
        member_id=contact.member_id if contact else None,
        handle=contact.handle if contact else "",
        name=contact.name if contact else "",
    )


def _place(position: Position | None) -> Place | None:
    if position is None:
        return None
    return datetime.fromisoformat(str(position[0])), int(position[1]), int(position[2])


def _said(one: Heard | Sent) -> SaidOut:
    if isinstance(one, Heard):
        event = one.event()
        words = getattr(event, "text", "") or getattr(event, "label", "")
        return SaidOut(
            side="in", id=one.id, kind=one.kind, text=words, choices=[], status=one.status,
            rule=None, at=one.occurred_at,
        )  # fmt: skip
    job = one.job()
    message = job.message if isinstance(job, ChannelSend) else None
    choices = [*message.buttons, *(b for c in message.cards for b in c.buttons)] if message else []
    to = job.destination.to if isinstance(job, ChannelSend) else "call"
    return SaidOut(
        side="out", id=one.id, kind=to, text=message.text if message else "",
        choices=[each.label for each in choices], status=one.status, rule=one.rule,
        at=one.created_at,
    )  # fmt: skip
