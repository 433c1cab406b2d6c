"""Which timers are set."""

from __future__ import annotations

from sqlalchemy import select

from app.db.unit import Unit
from app.timers.models import timer


async def addresses_with_timer(unit: Unit) -> set[tuple[str, str]]:
    """(shop id, address) of everything that waits for a moment."""
    rows = await unit.rows(
        select(timer.c.shop_id, timer.c.address).where(timer.c.status == "set").distinct()
    )
    return {(row.shop_id, row.address) for row in rows}
