"""What others may know of conversations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app.conversations.models import conversation
from app.db.unit import Unit


async def windows_of(unit: Unit, lane_ids: Collection[str]) -> dict[str, datetime | None]:
    """Until when the platform lets us write into these chats; None when it never let us."""
    if not lane_ids:
        return {}
    rows = await unit.rows(
        select(conversation.c.lane_id, conversation.c.window_until).where(
            conversation.c.lane_id.in_(lane_ids)
        )
    )
    return {row.lane_id: row.window_until for row in rows}
