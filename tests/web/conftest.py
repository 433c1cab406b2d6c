"""A house with its platform and provider, and a shopper's browser before it, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from tests.journeys.town import Town, town
from tests.web.house import pages, visiting


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Town]:
    """The whole house; its browser sees the pages as they are served, headers included."""
    async with town(database_url, tmp_path, clock) as made:
        # A busy machine must not look like a slow house.
        app = pages(made.dangol.context, parts=made.dangol.parts, wait_seconds=60)
        async with visiting(app) as browser:
            made.browser = browser
            yield made
