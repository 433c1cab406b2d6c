"""Raw bodies and steps are kept for a while; orders, events and keys stay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.inbox.models import inbox, inbox_key
from app.journal.models import journal
from tests.journeys.shopping import buy_a_mug
from tests.journeys.town import town


async def test_raw_bodies_go_after_thirty_days_and_steps_after_ninety(
    database_url: str, tmp_path: Path, clock
):
    async with town(database_url, tmp_path, clock) as here:
        await buy_a_mug(here, "1001")

        async def kept() -> tuple[int, int, int]:
            async with here.dangol.engine.read() as unit:
                raw = select(func.count()).where(inbox.c.raw.is_not(None))
                keys = select(func.count()).select_from(inbox_key)
                steps = select(func.count()).select_from(journal)
                return await unit.value(raw), await unit.value(steps), await unit.value(keys)

        raw, steps, keys = await kept()
        assert min(raw, steps, keys) > 0
        here.clock.moment += timedelta(days=29)
        await here.rest()
        assert (await kept())[0] > 0
        here.clock.moment += timedelta(days=2)
        await here.rest()
        raw_after, steps_after, _ = await kept()
        assert raw_after == 0
        assert steps_after >= steps
        here.clock.moment += timedelta(days=90)
        await here.rest()
        _, steps_after, keys_after = await kept()
        assert steps_after < steps
        assert keys_after >= keys
        assert await here.audit() == {}
