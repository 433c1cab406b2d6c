"""Tick: what time brings. Due timers, expired holds and payments, questions to providers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.catalog.release import expire_holds
from app.core.inbound import PaymentOverdue
from app.engine.contract import Engine
from app.inbox.accept import put
from app.inbox.arrival import from_house
from app.inbox.forget import forget_raw
from app.inbox.turns import mark_unmatched
from app.journal.forget import forget_steps
from app.orders.read import overdue
from app.payments.poll import ask_due
from app.timers.fire import fire

UNMATCHED_AFTER = timedelta(seconds=30)
OVERDUE_AFTER = timedelta(minutes=1)  # the chat's own timer goes first: it has words for it
PORTION = 200
FORGET_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Retention:
    """How long what is only kept for a second look is kept."""

    raw: timedelta
    journal: timedelta


class Tick:
    """The loop of time. Safe in any number of processes."""

    def __init__(self, engine: Engine, retention: Retention) -> None:
        self._engine = engine
        self._retention = retention
        self._forget_at = engine.clock.now()

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
                    # Once an hour at most: an order that was prolonged may run out again.
                    from_house(
                        shop_id,
                        f"lane:{lane}",
                        f"overdue:{order}:{unit.now:%Y%m%d%H}",
                        PaymentOverdue(order),
                        unit.now,
                    )
                    for shop_id, lane, order in late
                ],
            )
            await mark_unmatched(unit, UNMATCHED_AFTER)
        return len(due) + freed + asked + await self._forget()

    async def _forget(self) -> int:
        """Lets go of what has been kept long enough, a portion at a time."""
        if self._engine.clock.now() < self._forget_at:
            return 0
        async with self._engine.write() as unit:
            raw = await forget_raw(unit, unit.now - self._retention.raw, PORTION)
            steps = await forget_steps(unit, unit.now - self._retention.journal, PORTION)
            if raw < PORTION and steps < PORTION:
                self._forget_at = unit.now + FORGET_EVERY
        return raw + steps
