"""What must hold of the journal, for `dangol audit`."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.findings import Finding
from app.db.unit import Unit
from app.journal.models import journal

SHOWN = 100


async def checks(unit: Unit) -> list[Finding]:
    """An event is a step of one conversation, once."""
    count = int(await unit.value(select(func.count()).select_from(journal)) or 0)
    rows = await unit.rows(
        select(journal.c.inbox_id)
        .group_by(journal.c.shop_id, journal.c.inbox_id)
        .having(func.count() > 1)
        .limit(SHOWN)
    )
    broken = tuple(f"inbox {row.inbox_id} was a step more than once" for row in rows)
    return [Finding("step-atomic", count, broken)]


async def last_steps(unit: Unit) -> dict[str, int]:
    """The sequence of each lane's last step that the journal still keeps."""
    rows = await unit.rows(
        select(journal.c.lane_id, func.max(journal.c.seq).label("seq")).group_by(journal.c.lane_id)
    )
    return {row.lane_id: int(row.seq) for row in rows}
