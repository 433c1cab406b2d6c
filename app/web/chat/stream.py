"""The stream of what we say: outbox rows after the last one the page knows, woken by a bell."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
from sse_starlette import ServerSentEvent

from app.inbox.bind import lane_at
from app.web.chat.sessions import CHANNEL, Visit, sessions_of
from app.web.chat.transcript import drawn, new_from_us
from app.web.context import Context

POLL = 1.0  # seconds between looks when no bell rings


async def stream(
    context: Context, visit: Visit, token: str, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Every new message once, in order, until the session runs out or the page goes away."""
    plug = context.channels[CHANNEL]
    sessions = sessions_of(context)
    yield ServerSentEvent(event="ready", data="{}", retry=2000)
    while True:
        async with context.engine.read() as unit:
            rows = await new_from_us(unit, visit, after)
            lane_id = await lane_at(unit, visit.account.shop_id, visit.address)
        for row in rows:
            after = row.id
            shown = drawn(row, plug, visit)
            if shown is not None:
                data = msgspec.json.encode(shown).decode()
                yield ServerSentEvent(event="message", id=str(row.id), data=data)
        if sessions.visitor_of(visit.account, token, context.engine.clock.now()) is None:
            yield ServerSentEvent(event="expired", data="{}")
            return
        if not rows:
            await context.engine.bell.wait(f"lane:{lane_id}" if lane_id else "inbox", POLL)


def last_seen(header: str) -> int:
    """The row that `Last-Event-ID` names, 0 when it names none."""
    return int(header) if header.isascii() and header.isdecimal() and len(header) < 19 else 0
