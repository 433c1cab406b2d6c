"""A till on each engine."""

from __future__ import annotations

import pytest

from app.engine.contract import Engine
from tests.payments.till import Till


@pytest.fixture
async def till(engine: Engine) -> Till:
    """A shop that sells one thing, ten pieces of it on the shelf."""
    return await Till.open(engine)
