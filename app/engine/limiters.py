"""A token bucket per key inside one process, on the engine's clock."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import Clock


class LocalLimiter:
    """`share` is the fraction of every budget this process may spend (1 when it is alone)."""

    def __init__(self, clock: Clock, share: float = 1.0) -> None:
        self._clock = clock
        self._share = share
        self._buckets: dict[str, tuple[float, datetime]] = {}

    async def delay(self, key: str, amount: int, per_seconds: float) -> float:
        now = self._clock.now()
        capacity = max(1.0, amount * self._share)
        rate = capacity / per_seconds
        level, seen = self._buckets.get(key, (capacity, now))
        level = min(capacity, level + max(0.0, (now - seen).total_seconds()) * rate)
        if level < 1.0:
            self._buckets[key] = (level, now)
            return (1.0 - level) / rate
        self._buckets[key] = (level - 1.0, now)
        return 0.0
