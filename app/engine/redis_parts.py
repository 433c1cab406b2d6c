"""Bell and limiter over Redis. When Redis is gone each process goes on with its own: slower, or
within its fixed share of the rate, but never wrong.
"""

from __future__ import annotations

import asyncio
import contextlib

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from app.core.clock import Clock
from app.engine.bells import LocalBell
from app.engine.limiters import LocalLimiter

CHANNEL = "dangol:bell"
PATIENCE = 0.5  # seconds Redis may take before we go on without it
AWAY = 5.0  # seconds it is left alone after it failed

# A token bucket in one round trip: takes a token, or says how long until there is one.
BUCKET = """
local now = redis.call('TIME'); now = tonumber(now[1]) + tonumber(now[2]) / 1e6
local capacity, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local rate = capacity / per
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(kept[1]) or capacity, tonumber(kept[2]) or now
level = math.min(capacity, level + math.max(0, now - at) * rate)
local delay = 0
if level >= 1 then level = level - 1 else delay = (1 - level) / rate end
redis.call('HSET', KEYS[1], 'level', level, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(per) + 60)
return tostring(delay)
"""

log = structlog.get_logger()


class RedisBell:
    """Rings here at once and elsewhere through publish and subscribe."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = LocalBell()
        self._client = redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._listener: asyncio.Task[None] | None = None
        self._away_until = 0.0

    async def ring(self, *topics: str) -> None:
        self._local.ring_here(*topics)
        loop = asyncio.get_running_loop()
        if not topics or loop.time() < self._away_until:
            return
        try:
            await self._client.publish(CHANNEL, "\n".join(topics))
        except (RedisError, OSError, TimeoutError):
            self._away_until = loop.time() + AWAY  # pollers hear of it within their interval

    async def wait(self, topic: str, timeout: float) -> bool:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        return await self._local.wait(topic, timeout)

    async def _listen(self) -> None:
        """Passes on what other processes ring, for as long as the process lives."""
        while True:
            listening = redis.from_url(self._url, socket_connect_timeout=PATIENCE)
            try:
                async with listening.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            self._local.ring_here(*message["data"].decode().split("\n"))
            except (RedisError, OSError, TimeoutError) as error:
                log.info("bell.redis_away", error=repr(error))
                await asyncio.sleep(AWAY)
            finally:
                with contextlib.suppress(RedisError, OSError):
                    await listening.aclose()

    async def close(self) -> None:
        """Stops listening."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()


class RedisLimiter:
    """One budget for all processes; without Redis each spends its share."""

    def __init__(self, url: str, clock: Clock, processes: int) -> None:
        self._client = redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._take = self._client.register_script(BUCKET)
        self._local = LocalLimiter(clock, share=1 / processes)
        self._away_until = 0.0

    async def delay(self, key: str, amount: int, per_seconds: float) -> float:
        loop = asyncio.get_running_loop()
        if loop.time() >= self._away_until:
            try:
                return float(await self._take(keys=[f"dangol:{key}"], args=[amount, per_seconds]))
            except (RedisError, OSError, TimeoutError):
                self._away_until = loop.time() + AWAY
        return await self._local.delay(key, amount, per_seconds)

    async def close(self) -> None:
        """Lets the connections go."""
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()


async def redis_trouble(url: str) -> str:
    """What is wrong with Redis, nothing when it answers."""
    client = redis.from_url(url, socket_connect_timeout=2)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        return repr(error)
    finally:
        with contextlib.suppress(RedisError, OSError):
            await client.aclose()
    return ""
