"""A chat as its visitor sees it: what they said and what we said, in the order it happened."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core.errors import NeverSend
from app.core.inbound import Said, Tapped
from app.core.outbound import Body, ChannelSend
from app.core.ports import Channel
from app.db.unit import Unit
from app.inbox.bind import lane_at
from app.inbox.read import InRow, came_for
from app.outbox.read import OutRow, left_for
from app.web.chat.sessions import CHANNEL, Visit

Json = dict[str, Any]
MOST = 200  # messages of a chat that are shown again


def drawn(row: OutRow, plug: Channel, visit: Visit) -> Json | None:
    """A message of ours as the page draws it, None for a row that is not for the page."""
    job = row.job()
    if not isinstance(job, ChannelSend):
        return None
    try:
        body = plug.send(job, visit.account, f"{row.shop_id}-{row.id}")
    except NeverSend:
        return None
    if not isinstance(body, Body):
        return None
    at = (row.done_at or row.created_at).isoformat()
    message: Json = msgspec.json.decode(body.body)
    return {"id": row.id, "side": "shop", "at": at, "message": message}


def heard(row: InRow) -> Json | None:
    """What the visitor did, as their page shows it again; None for what makes no bubble."""
    if row.channel != CHANNEL or row.kind not in ("said", "tapped"):
        return None
    event = row.event()
    text = own = ""
    if isinstance(event, Said):
        text, own = event.text, event.message_id
    elif isinstance(event, Tapped):
        text, own = event.label, event.message_id
    if not text:
        return None
    return {
        "id": f"in-{own}",
        "side": "visitor",
        "at": row.received_at.isoformat(),
        "message": {"text": text},
    }


async def new_from_us(unit: Unit, visit: Visit, after: int) -> list[OutRow]:
    """What was said to the visitor after that row."""
    shop_id = visit.account.shop_id
    lane_id = await lane_at(unit, shop_id, visit.address)
    if lane_id is None:
        return []
    return await left_for(
        unit, shop_id, lane_id, after=after, channel=CHANNEL, statuses=("sent",), limit=50
    )


async def whole_chat(unit: Unit, visit: Visit, plug: Channel) -> tuple[list[Json], int]:
    """Both sides so far, and the last of our rows in it: where the stream goes on."""
    shop_id = visit.account.shop_id
    lane_id = await lane_at(unit, shop_id, visit.address)
    if lane_id is None:
        return [], 0
    ours = await left_for(
        unit, shop_id, lane_id, channel=CHANNEL, statuses=("sent",), newest=True, limit=MOST
    )
    theirs = await came_for(unit, shop_id, lane_id, MOST)
    # At the very same moment, what was said comes before its answer: sorting is stable.
    shown = [one for row in theirs if (one := heard(row)) is not None]
    shown += [one for row in ours if (one := drawn(row, plug, visit)) is not None]
    return sorted(shown, key=lambda one: str(one["at"])), ours[-1].id if ours else 0
