"""The same request under the same key takes effect once, and is answered the same for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, delete, select, update

from app.core.errors import Conflict, Rejected
from app.db.unit import Unit
from app.merchants.idempotency_models import idempotent_request as request

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=60)  # longer than any request of ours waits
SWEEP = 100  # old rows a claim takes with it


class Place(msgspec.Struct, frozen=True):
    """Whose key it is: two API keys of a shop never meet each other's."""

    shop_id: str
    key_id: str
    key: str

    @property
    def topic(self) -> str:
        """The bell that rings when the answer is there."""
        return f"idempotency:{self.shop_id}:{self.key_id}:{self.key}"


class Claim(msgspec.Struct, frozen=True):
    """The right to answer; `token` fences off an attempt that slept too long.

    `since` and `asked` name the request itself: the same for every attempt at it.
    """

    place: Place
    token: str
    since: datetime
    asked: str


class Kept(msgspec.Struct, frozen=True):
    """The answer that was given."""

    status: int
    headers: dict[str, str]
    body: bytes


async def claim(unit: Unit, place: Place, asked: str) -> Claim | Kept | None:
    """The right to answer this request, or the answer it had; None while another answers it.

    Raises `Rejected` (`idempotency-mismatch`) when the key was used for another request.
    """
    fingerprint = unit.vault.fingerprint("idempotency", asked)
    mine = Claim(place, unit.ids.token(), unit.now, fingerprint)
    await _sweep(unit, place)
    values = {
        "shop_id": place.shop_id,
        "key_id": place.key_id,
        "key": place.key,
        "fingerprint": fingerprint,
        "token": mine.token,
        "lease_until": unit.now + LEASE,
        "created_at": unit.now,
    }
    if await unit.insert_once(request, values, ("shop_id", "key_id", "key")) is not None:
        return mine
    row = await unit.row(select(request).where(_at(place)).with_for_update())
    if row is None:
        return None  # let go of just now
    if row.fingerprint != fingerprint:
        raise Rejected(
            "This Idempotency-Key was used for another request. Take a new key for each request.",
            code="idempotency-mismatch",
        )
    if row.status is not None:
        return _kept(unit, place, row)
    if row.lease_until > unit.now:
        return None
    again = {"token": mine.token, "lease_until": unit.now + LEASE}
    await unit.run(update(request).where(_at(place)).values(**again))
    return msgspec.structs.replace(mine, since=row.created_at)


async def keep(
    unit: Unit, mine: Claim, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Keeps the answer, in the transaction that did what it says.

    Raises `Conflict` when another attempt took over: then this one must not take effect.
    """
    values = {
        "status": status,
        "headers": dict(headers),
        "body": unit.vault.seal(body, *_context(mine.place)),
    }
    if await unit.run(update(request).where(_held(mine)).values(**values)) == 0:
        raise Conflict(
            "Another attempt with this Idempotency-Key took over.", code="idempotency-in-progress"
        )
    unit.ring(mine.place.topic)


async def release(unit: Unit, mine: Claim) -> None:
    """Nothing began: the key may be used again, for another request even."""
    await unit.run(delete(request).where(_held(mine)))
    unit.ring(mine.place.topic)


async def let_go(unit: Unit, mine: Claim) -> None:
    """It failed on the way: the same request may be tried at once, and is still the same."""
    await unit.run(update(request).where(_held(mine)).values(lease_until=unit.now))
    unit.ring(mine.place.topic)


def _at(place: Place) -> ColumnElement[bool]:
    return and_(
        request.c.shop_id == place.shop_id,
        request.c.key_id == place.key_id,
        request.c.key == place.key,
    )


def _held(mine: Claim) -> ColumnElement[bool]:
    return and_(_at(mine.place), request.c.token == mine.token, request.c.status.is_(None))


def _context(place: Place) -> tuple[str, ...]:
    return place.shop_id, "idempotent_request", "body", place.key_id, place.key


def _kept(unit: Unit, place: Place, row: Row[Any]) -> Kept:
    return Kept(row.status, row.headers, unit.vault.open(row.body, *_context(place)))


async def _sweep(unit: Unit, place: Place) -> None:
    """Forgets what is older than a day: this key first, then some others of the shop."""
    old = request.c.created_at <= unit.now - KEPT_FOR
    await unit.run(delete(request).where(_at(place), old))
    others = (
        select(request.c.id)
        .where(request.c.shop_id == place.shop_id, old)
        .limit(SWEEP)
        .with_for_update(skip_locked=True)
    )
    await unit.run(delete(request).where(request.c.id.in_(others.scalar_subquery())))
