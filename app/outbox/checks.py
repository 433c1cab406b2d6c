"""What must hold of the outbox, for `dangol audit`."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.findings import Finding
from app.db.unit import Unit
from app.outbox.models import outbox

SHOWN = 100


async def checks(unit: Unit) -> list[Finding]:
    """Nothing recorded as sent was sent again, and what was not sent says why."""
    count = int(await unit.value(select(func.count()).select_from(outbox)) or 0)
    return [
        Finding("sent-once", count, tuple(await _sent_twice(unit))),
        Finding("silence", count, tuple(await _unexplained(unit))),
    ]


async def _sent_twice(unit: Unit) -> list[str]:
    """One message of a platform belongs to one row."""
    columns = (outbox.c.shop_id, outbox.c.channel, outbox.c.account_id, outbox.c.reference)
    rows = await unit.rows(
        select(*columns, func.min(outbox.c.id).label("first"))
        .where(outbox.c.status == "sent", outbox.c.reference.is_not(None), outbox.c.reference != "")
        .where(outbox.c.channel.notlike("pay:%"), outbox.c.channel.notlike("store:%"))
        .group_by(*columns)
        .having(func.count() > 1)
        .limit(SHOWN)
    )
    return [f"outbox {row.first}: message {row.reference} belongs to several rows" for row in rows]


async def _unexplained(unit: Unit) -> list[str]:
    rows = await unit.rows(
        select(outbox.c.id, outbox.c.status)
        .where(
            outbox.c.status.in_(("refused", "dead", "expired", "dropped", "unknown")),
            outbox.c.error == "",
        )
        .limit(SHOWN)
    )
    return [f"outbox {row.id}: {row.status} without a reason" for row in rows]
