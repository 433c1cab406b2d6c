"""The process dies between any two steps of the path; after a restart the conversation goes on.

Every fault point is hit in turn. The platform posts again what it got no 200 for, the shopper
presses again what gave no answer: nothing else helps.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.faults import ArmedFaults
from tests.journeys.shopping import buy_a_mug
from tests.journeys.town import town

POINTS = (
    "flush.before_commit", "flush.after_commit", "unit.before_commit", "unit.after_commit",
    "drain.picked", "step.before", "step.after", "drain.handled", "drain.committed",
    "deliver.claimed", "deliver.before_call", "deliver.after_call", "deliver.before_record",
    "deliver.recorded", "tick.fired",
)  # fmt: skip
HITS = {"unit.before_commit": (3, 9, 17, 26, 35, 44), "unit.after_commit": (3, 9, 17, 26, 35, 44)}


def cases() -> list[tuple[str, int]]:
    return [(point, hit) for point in POINTS for hit in HITS.get(point, (1, 2, 4))]


@pytest.mark.parametrize(("point", "hit"), cases())
async def test_a_purchase_survives_a_kill(
    database_url: str, tmp_path: Path, clock, point: str, hit: int
):
    faults = ArmedFaults({point: (hit, "kill")})
    async with town(database_url, tmp_path, clock, faults=faults) as here:
        await buy_a_mug(here, "1001")
        await here.wait(minutes=2)  # leases run out, time-outs end
        assert faults.hits[point] >= hit, f"{point} was reached {faults.hits[point]} times only"
        assert [order["state"] for order in await here.orders()] == ["paid"]
        assert any("Paid" in line for line in here.chat("1001")), here.chat("1001")
        assert await here.audit() == {}
        assert here.repeated_sends() <= 1


async def test_the_list_of_fault_points_is_whole(database_url: str, tmp_path: Path, clock):
    """A point that the path reaches and the sweep does not know would never be swept."""
    faults = ArmedFaults()
    async with town(database_url, tmp_path, clock, faults=faults) as here:
        await buy_a_mug(here, "1001")
    assert set(faults.hits) == set(POINTS)
