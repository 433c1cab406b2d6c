"""Which engine a database address asks for. Nothing else in the house asks."""

from __future__ import annotations

from sqlalchemy.engine import make_url

from app.core.clock import Clock, SystemClock
from app.core.errors import Rejected
from app.core.ids import Ids
from app.core.ports import Faults, Vault
from app.engine.contract import Engine
from app.engine.embedded import Embedded
from app.engine.redis_parts import RedisBell, RedisLimiter
from app.engine.scaled import Scaled


def engine_for(
    url: str,
    ids: Ids,
    vault: Vault,
    *,
    redis_url: str | None = None,
    processes: int = 1,
    writers: int = 1,
    clock: Clock | None = None,
    faults: Faults | None = None,
) -> Engine:
    """The engine of that address. Raises `Rejected` for a database we do not know.

    `processes` share an account's rate while Redis is away; `writers` flush in parallel.
    """
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        return Embedded(url, ids, vault, clock=clock, faults=faults)
    if kind != "postgresql":
        raise Rejected(
            f"DANGOL_DATABASE_URL names {kind}; use sqlite:///… or postgresql://…", code="database"
        )
    return Scaled(
        url,
        ids,
        vault,
        bell=RedisBell(redis_url) if redis_url else None,
        limiter=(RedisLimiter(redis_url, clock or SystemClock(), processes) if redis_url else None),
        clock=clock,
        faults=faults,
        writers=writers,
    )
