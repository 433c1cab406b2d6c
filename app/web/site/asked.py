"""A form becomes an event in the inbox, once however often it is pressed, and its page waits."""

from __future__ import annotations

import re

from app.conversations.links import Link, used
from app.core.inbound import AnyEvent
from app.inbox.arrival import from_house
from app.inbox.outcome import await_outcome
from app.inbox.read import inbox_id_of
from app.web.context import Context

_NONCE = re.compile(r"[0-9A-Za-z_-]{1,40}")
Outcome = dict[str, str]


def nonce_in(form: dict[str, str], context: Context) -> str:
    """The form's own mark, the same for every press of one rendering; a new one where none is."""
    given = form.get("nonce", "")
    return given if _NONCE.fullmatch(given) else context.engine.ids.token()


async def ask(context: Context, link: Link, nonce: str, event: AnyEvent) -> int | None:
    """Puts the event into the inbox; the id of its row, also when it was there already."""
    now = context.engine.clock.now()
    key = f"{link.purpose}:{link.id}:{nonce}"
    arrival = from_house(link.shop_id, f"lane:{link.lane_id}", key, event, now)
    [inbox_id] = await context.acceptor.accept([arrival])
    async with context.engine.write() as unit:
        if inbox_id is None:  # pressed twice: the first press has the row
            inbox_id = await inbox_id_of(unit, link.shop_id, "house", "", arrival.key)
        if inbox_id is not None and inbox_id != link.inbox_id:
            await used(unit, link.id, inbox_id)
    return inbox_id


async def outcome_of(context: Context, inbox_id: int | None, patience: float) -> Outcome | None:
    """What became of it, None when nothing has within `patience` seconds."""
    if inbox_id is None:
        return None
    return await await_outcome(context.engine, inbox_id, patience)
