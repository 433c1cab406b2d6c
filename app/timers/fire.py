"""Turning moments that have come into inbox events."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core.inbound import TimerDue
from app.db.unit import Unit
from app.timers.models import timer

BATCH = 500  # after an outage thousands may be due at once: take them in portions


async def fire(unit: Unit) -> list[tuple[str, str, str, TimerDue]]:
    """Marks due timers as fired: (shop, address, inbox key, event) of each, oldest first."""
    rows = await unit.rows(
        select(timer)
        .where(timer.c.status == "set", timer.c.due_at <= unit.now)
        .order_by(timer.c.due_at, timer.c.shop_id, timer.c.address, timer.c.name)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    events = []
    for row in rows:
        await unit.run(
            update(timer)
            .where(
                timer.c.shop_id == row.shop_id,
                timer.c.address == row.address,
                timer.c.name == row.name,
                timer.c.generation == row.generation,
            )
            .values(status="fired")
        )
        key = f"timer:{row.address}:{row.name}:{row.generation}"
        events.append((row.shop_id, row.address, key, TimerDue(row.name, row.generation)))
    return events
