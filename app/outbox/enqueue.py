"""Putting a job into the outbox, in the transaction that decided it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.outbound import Job
from app.db.unit import Unit
from app.outbox.models import outbox

_encoder = msgspec.json.Encoder()

BELL = "outbox"


class Route(msgspec.Struct, frozen=True):
    """Where a job goes: in which order (`stream`), through which plug and account."""

    shop_id: str
    stream: str
    channel: str
    account_id: str
    lane_id: str | None = None


async def enqueue(
    unit: Unit,
    route: Route,
    job: Job,
    *,
    key: str,
    purpose: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    depends_on: str | None = None,
    report: bool = False,
) -> int | None:
    """Adds the job once per `key`; its row id, or None when the key was there already.

    Jobs of one stream leave in order; one that depends on another's key leaves only when that one
    was sent. `report` asks for a `SendReported` event when it is over.
    """
    values = {
        "shop_id": route.shop_id,
        "stream": route.stream,
        "channel": route.channel,
        "account_id": route.account_id,
        "lane_id": route.lane_id,
        "key": key,
        "job": _encoder.encode(job),
        "purpose": purpose,
        "status": "queued",
        "next_at": not_before or unit.now,
        "expires_at": expires_at,
        "depends_on": depends_on,
        "reported": not report,
        "created_at": unit.now,
    }
    row = await unit.insert_once(outbox, values, ("shop_id", "key"), returning=("id",))
    unit.ring(BELL)
    return None if row is None else int(row[0])
