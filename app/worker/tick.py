"""Tick: what time brings. Due timers, expired holds and payments, questions to providers."""

from __future__ import annotations

from datetime import timedelta

from app.catalog.release import expire_holds
from app.core.inbound import PaymentOverdue
from app.engine.contract import Engine
from app.inbox.accept import put
from app.inbox.arrival import from_house
from app.inbox.turns import mark_unmatched
from app.orders.read import overdue
from app.payments.poll import ask_due
from app.timers.fire import fire

UNMATCHED_AFTER = timedelta(seconds=30)
OVERDUE_AFTER = timedelta(minutes=1)  # the chat's own timer goes first: it has words for it
PORTION = 200


class Tick:
    """The loop of time. Safe in any number of processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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
            freed = await expire_holds(unit, PORTION)
            asked = await ask_due(unit, PORTION)
            late = await overdue(unit, unit.now - OVERDUE_AFTER, PORTION)
            await put(
                unit,
                [
                    from_house(
                        shop_id, f"lane:{lane}", f"overdue:{order}", PaymentOverdue(order), unit.now
                    )
                    for shop_id, lane, order in late
                ],
            )
            await mark_unmatched(unit, UNMATCHED_AFTER)
        return len(due) + freed + asked
