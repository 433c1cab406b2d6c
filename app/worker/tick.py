"""Tick: what time brings. Due timers, expired holds and payments, questions to providers."""

from __future__ import annotations

from datetime import timedelta

from app.catalog.hold import expire_holds
from app.conversations.house import Pages
from app.engine.contract import Engine
from app.inbox.accept import put
from app.inbox.arrival import from_house
from app.inbox.turns import mark_unmatched
from app.payments.poll import ask_due
from app.timers.fire import fire

UNMATCHED_AFTER = timedelta(seconds=30)


class Tick:
    """The loop of time. Safe in any number of processes."""

    def __init__(self, engine: Engine, pages: Pages) -> None:
        self._engine = engine
        self._pages = pages

    async def once(self) -> int:
        """One look at the clock: how many things were due."""
        async with self._engine.write() as unit:
            due = await fire(unit)
            await put(
                unit,
                [
                    from_house(shop_id, address, key, event, unit.now)
                    for shop_id, address, key, event in due
                ],
            )
            await self._engine.faults.reach("tick.fired")
        async with self._engine.write() as unit:
            freed = await expire_holds(unit)
            asked = await ask_due(unit)
            await mark_unmatched(unit, UNMATCHED_AFTER)
        return len(due) + freed + asked
