"""From a hashtag comment to a paid order, over the real wire, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.shopping import buy_a_mug
from tests.journeys.town import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


async def test_a_new_shopper_buys(here: Town):
    await buy_a_mug(here, "1001")
    assert "Paid" in here.last("1001"), here.chat("1001")
    assert await here.audit() == {}
