"""Dead letters: events that could not be worked off, and sends that did not arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app.core.errors import Conflict, NotFound
from app.db.unit import Unit
from app.inbox.again import try_again
from app.inbox.pages import Heard, page_of_parked
from app.outbox.pages import Sent, outbox_row, page_of_lost
from app.outbox.streams import requeue
from app.web.api.answers import listed
from app.web.api.caller import Calling
from app.web.api.cursors import Cursor, Limit, Position
from app.web.api.endpoints import Endpoints
from app.web.api.events import last_line, words_of
from app.web.api.shapes import Moment, Out, Page

endpoints = Endpoints("dead letters")
LIST = "dead-letters"
IN, OUT = 0, 1  # at the same moment, what came stands before what went

Id = Annotated[str, Path(pattern=r"^(in|out)-[0-9]{1,18}$", examples=["out-388"])]


class LetterOut(Out):
    """Something that needs a person. `rule` names the platform's rule that forbade a send."""

    id: str = Field(examples=["out-388"])
    side: Literal["in", "out"] = Field(examples=["out"])
    kind: str = Field(examples=["channel"])
    status: str = Field(description="parked | dead | unknown | refused", examples=["refused"])
    rule: str | None = Field(examples=["window"])
    why: str = Field(examples=["the platform's rule: window"])
    text: str = Field(examples=["Your order 4K-219 is on its way."])
    channel: str = Field(examples=["instagram"])
    conversation_id: str | None = Field(examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    attempts: int = Field(examples=[1])
    at: datetime = Field(examples=["2026-11-02T03:00:01Z"])


class LetterPage(Page[LetterOut]):
    """Some dead letters, the last first."""


class RetriedOut(Out):
    """What is tried again."""

    id: str = Field(examples=["out-388"])
    status: str = Field(examples=["queued"])
    asked_at: Moment


@endpoints.get("/dead-letters", LetterPage, "events:read")
async def list_dead_letters(caller: Calling, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Parked events and sends that are dead, unknown or refused, the last first."""
    position = caller.position(LIST, cursor)
    async with caller.read() as unit:
        parked = await page_of_parked(unit, caller.shop_id, _before(position, IN), limit + 1)
        lost = await page_of_lost(unit, caller.shop_id, _before(position, OUT), limit + 1)
    both: list[Heard | Sent] = [*parked, *lost]
    both.sort(key=lambda one: (-_at(one).timestamp(), isinstance(one, Sent), -one.id))
    return listed(caller, LIST, LetterPage, _letter, both, limit, _position)


@endpoints.write("POST", "/dead-letters/{letter_id}/retry", RetriedOut, "events:write")
async def retry_dead_letter(caller: Calling, letter_id: Id) -> Response:
    """Tries it once more. What a platform's rule refused cannot be: send something it allows."""
    side, _, number = letter_id.partition("-")
    async with caller.write() as unit:
        if side == "in":
            await try_again(unit, caller.shop_id, int(number))
        else:
            await _send_again(unit, caller.shop_id, int(number))
        status = "new" if side == "in" else "queued"
        shown = RetriedOut(id=letter_id, status=status, asked_at=unit.now)
        return await caller.answer(unit, shown)


async def _send_again(unit: Unit, shop_id: str, outbox_id: int) -> None:
    if await requeue(unit, shop_id, outbox_id):
        return
    row = await outbox_row(unit, shop_id, outbox_id)
    if row.status == "refused":
        raise Conflict(
            f"The platform's rule forbids it: {row.rule}. Nothing was sent.", code="refused-by-rule"
        )
    raise Conflict(f"This row is {row.status}: there is nothing to retry.", code="not-lost")


def _at(one: Heard | Sent) -> datetime:
    if one.done_at is None:
        raise NotFound("This letter is no longer dead.", code="not-lost")
    return one.done_at


def _position(one: Heard | Sent) -> Position:
    return [_at(one).isoformat(), OUT if isinstance(one, Sent) else IN, one.id]


def _before(position: Position | None, side: int) -> tuple[datetime, int] | None:
    """Where that side goes on below the position."""
    if position is None:
        return None
    at, last_side, last_id = position
    moment = datetime.fromisoformat(str(at))
    if side == last_side:
        return moment, int(last_id)
    return (moment, 2**62) if side > int(last_side) else (moment, 0)


def _letter(one: Heard | Sent) -> LetterOut:
    if isinstance(one, Heard):
        return LetterOut(
            id=f"in-{one.id}", side="in", kind=one.kind, status=one.status, rule=None,
            why=last_line(one.note), text="", channel=one.channel, conversation_id=one.lane_id,
            attempts=one.attempts, at=_at(one),
        )  # fmt: skip
    kind, text = words_of(one.job())
    return LetterOut(
        id=f"out-{one.id}", side="out", kind=kind, status=one.status, rule=one.rule,
        why=one.error, text=text, channel=one.channel, conversation_id=one.lane_id,
        attempts=one.attempt, at=_at(one),
    )  # fmt: skip
