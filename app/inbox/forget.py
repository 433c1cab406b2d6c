"""Raw webhook bodies are kept for a while, then forgotten; the event and its key stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from app.db.unit import Unit
from app.inbox.models import inbox


async def forget_raw(unit: Unit, before: datetime, limit: int) -> int:
    """Empties the raw bodies of at most `limit` events that came before that moment and are over.

    Rows that could not be read keep theirs until they are looked at: it is all there is of them.
    """
    old = (
        select(inbox.c.id)
        .where(
            inbox.c.received_at < before,
            inbox.c.raw.is_not(None),
            inbox.c.status.in_(("done", "ignored")),
            inbox.c.kind != "unparsed",
        )
        .limit(limit)
    )
    return await unit.run(
        update(inbox).where(inbox.c.id.in_(old.scalar_subquery())).values(raw=None)
    )
