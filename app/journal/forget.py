"""The journal is kept as long as a replay may be wanted, then forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.db.unit import Unit
from app.journal.models import journal


async def forget_steps(unit: Unit, before: datetime, limit: int) -> int:
    """Deletes at most `limit` steps that were made before that moment; how many."""
    old = select(journal.c.id).where(journal.c.at < before).limit(limit)
    return await unit.run(delete(journal).where(journal.c.id.in_(old.scalar_subquery())))
