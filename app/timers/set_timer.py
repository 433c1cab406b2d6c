"""Setting and cancelling a timer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from app.db.unit import Unit
from app.timers.models import timer

BELL = "timers"


async def set_timer(unit: Unit, shop_id: str, address: str, name: str, due: datetime) -> int:
    """Sets the timer of that name, replacing an earlier one; its generation."""
    fresh = {
        "shop_id": shop_id,
        "address": address,
        "name": name,
        "generation": 1,
        "due_at": due,
        "status": "set",
    }
    if await unit.insert_once(timer, fresh, ("shop_id", "address", "name")) is not None:
        unit.ring(BELL)
        return 1
    row = await unit.row(
        update(timer)
        .where(*_is(shop_id, address, name))
        .values(due_at=due, status="set", generation=timer.c.generation + 1)
        .returning(timer.c.generation)
    )
    unit.ring(BELL)
    return int(row[0]) if row else 1


async def cancel_timer(unit: Unit, shop_id: str, address: str, name: str) -> None:
    """Forgets the timer; an event of it already under way becomes stale."""
    await unit.run(
        update(timer)
        .where(*_is(shop_id, address, name), timer.c.status != "cancelled")
        .values(status="cancelled", generation=timer.c.generation + 1)
    )


async def is_current(
    unit: Unit, shop_id: str, addresses: Sequence[str], name: str, generation: int
) -> bool:
    """Does this generation still count?"""
    found = await unit.value(
        select(timer.c.generation).where(
            timer.c.shop_id == shop_id,
            timer.c.address.in_(addresses),
            timer.c.name == name,
            timer.c.generation == generation,
            timer.c.status == "fired",
        )
    )
    return found is not None


def _is(shop_id: str, address: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return (timer.c.shop_id == shop_id, timer.c.address == address, timer.c.name == name)


async def cancel_all(unit: Unit, shop_id: str, address: str) -> None:
    """Forgets every timer of an address."""
    await unit.run(
        update(timer)
        .where(timer.c.shop_id == shop_id, timer.c.address == address, timer.c.status == "set")
        .values(status="cancelled", generation=timer.c.generation + 1)
    )
