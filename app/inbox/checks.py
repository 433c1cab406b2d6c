"""What must hold of the inbox, for `dangol audit`."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.findings import Finding
from app.db.unit import Unit
from app.inbox.models import alias, inbox, inbox_key, lane

SHOWN = 100  # rows named per finding


async def checks(unit: Unit) -> list[Finding]:
    """Each event is there once, belongs to somebody, and says why where it had no effect."""
    count = int(await unit.value(select(func.count()).select_from(inbox)) or 0)
    return [
        Finding("inbox-once", count, tuple(await _twice(unit) + await _without_key(unit))),
        Finding("silence", count, tuple(await _unexplained(unit))),
        Finding("lane-order", count, tuple(await _homeless(unit))),
    ]


async def _twice(unit: Unit) -> list[str]:
    columns = (inbox.c.shop_id, inbox.c.channel, inbox.c.account, inbox.c.key)
    rows = await unit.rows(
        select(*columns).group_by(*columns).having(func.count() > 1).limit(SHOWN)
    )
    return [f"event {row.channel}/{row.account}/{row.key} is stored more than once" for row in rows]


async def _without_key(unit: Unit) -> list[str]:
    same = [
        getattr(inbox_key.c, name) == getattr(inbox.c, name)
        for name in ("shop_id", "channel", "account", "key")
    ]
    rows = await unit.rows(
        select(inbox.c.id)
        .outerjoin(inbox_key, same[0] & same[1] & same[2] & same[3])
        .where(inbox_key.c.key.is_(None))
        .limit(SHOWN)
    )
    return [f"inbox {row.id}: its key is not remembered" for row in rows]


async def _unexplained(unit: Unit) -> list[str]:
    rows = await unit.rows(
        select(inbox.c.id, inbox.c.status)
        .where(inbox.c.status.in_(("ignored", "parked", "unmatched")), inbox.c.note == "")
        .limit(SHOWN)
    )
    return [f"inbox {row.id}: {row.status} without a reason" for row in rows]


async def _homeless(unit: Unit) -> list[str]:
    """Every address leads to a lane that exists and has not stepped aside."""
    rows = await unit.rows(
        select(alias.c.address)
        .outerjoin(lane, lane.c.id == alias.c.lane_id)
        .where((lane.c.id.is_(None)) | (lane.c.joined_into.is_not(None)))
        .limit(SHOWN)
    )
    return [f"address {row.address} leads to no living lane" for row in rows]
