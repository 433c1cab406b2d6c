"""From a hashtag comment to a paid order, over the real wire, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.town import Town, town

ADDRESS = "김미나 서울 강남구 테헤란로 152 5층 06236 010-2345-6789"


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


async def buy(here: Town, person: str) -> None:
    """A new shopper whose comment names the variant: three answers."""
    await here.comment(person, "#moonmug black please 😍")
    await here.tap(person, "Buy")
    await here.say(person, ADDRESS)
    await here.pay(person)


async def test_a_new_shopper_buys(here: Town):
    await buy(here, "1001")
    assert "Paid" in here.last("1001"), here.chat("1001")
    assert await here.audit() == {}
