"""Redis carries what may be lost: bells between processes and one budget for all of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from app.core.clock import FixedClock
from app.engine.redis_parts import RedisBell, RedisLimiter, redis_trouble
from tests.conftest import REDIS, need

pytestmark = pytest.mark.redis
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
async def bells() -> AsyncIterator[tuple[RedisBell, RedisBell]]:
    """The bells of two processes."""
    need("redis", REDIS)
    pair = RedisBell(REDIS), RedisBell(REDIS)
    yield pair
    for one in pair:
        await one.close()


async def test_a_bell_rings_in_another_process(bells: tuple[RedisBell, RedisBell]):
    here, there = bells
    for _ in range(50):  # until the other one listens
        waiting = asyncio.create_task(there.wait("inbox", 0.2))
        await asyncio.sleep(0.02)
        await here.ring("inbox")
        if await waiting:
            return
    pytest.fail("the bell was never heard")


async def test_without_redis_a_bell_still_rings_here():
    bell = RedisBell(NOBODY)
    waiting = asyncio.create_task(bell.wait("inbox", 2))
    await asyncio.sleep(0.01)
    await bell.ring("inbox")
    assert await waiting is True
    await bell.close()


async def test_processes_spend_one_budget(clock: FixedClock):
    need("redis", REDIS)
    first, second = (RedisLimiter(REDIS, clock, 2) for _ in range(2))
    key = f"test:{os.getpid()}"
    delays = [await limiter.delay(key, 4, 60) for limiter in (first, second) * 3]
    assert [delay > 0 for delay in delays] == [False] * 4 + [True] * 2
    for limiter in (first, second):
        await limiter.close()


async def test_without_redis_each_process_spends_its_share(clock: FixedClock):
    limiter = RedisLimiter(NOBODY, clock, processes=2)
    delays = [await limiter.delay("k", 4, 60) for _ in range(3)]
    assert [delay > 0 for delay in delays] == [False, False, True]
    await limiter.close()


async def test_the_doctor_can_tell_whether_redis_answers():
    need("redis", REDIS)
    assert await redis_trouble(REDIS) == ""
    assert "Connection" in await redis_trouble(NOBODY)
