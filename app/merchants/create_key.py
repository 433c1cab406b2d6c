"""API keys: shown once, stored as a hash, found by their prefix."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

import msgspec

from app.core.errors import NotFound, Rejected
from app.db.unit import Unit
from app.merchants import store

MARK = "dgl"
ALL = "all"


class KeyHolder(msgspec.Struct, frozen=True):
    """Who calls: a key of a shop, and what it may do."""

    key_id: str
    shop_id: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether this key covers the scope."""
        return ALL in self.scopes or scope in self.scopes


async def create_key(unit: Unit, shop_id: str, scopes: Collection[str]) -> str:
    """A new key: the only time it can be read."""
    if not scopes:
        raise Rejected("A key needs at least one scope, such as all.", code="no-scope")
    prefix, secret = unit.ids.token(50), unit.ids.secret()
    values = {
        "id": unit.ids.new("key", unit.now),
        "shop_id": shop_id,
        "prefix": prefix,
        "secret_hash": _hash(secret),
        "scopes": sorted(set(scopes)),
        "created_at": unit.now,
    }
    await store.insert_key(unit, values)
    return f"{MARK}_{prefix}_{secret}"


async def check_key(unit: Unit, text: str) -> KeyHolder | None:
    """Who holds this key, None when it is not ours or was revoked. Writes nothing."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != MARK or not prefix.isalnum() or not text.isascii():
        return None
    row = await store.key_at(unit, prefix)
    if row is None or row.revoked_at is not None:
        return None
    if not hmac.compare_digest(row.secret_hash, _hash(secret)):
        return None
    return KeyHolder(row.id, row.shop_id, frozenset(row.scopes))


async def touch_key(unit: Unit, key_id: str) -> None:
    """The key was used; noted once a minute at most."""
    await store.touch_key(unit, key_id)


async def revoke_key(unit: Unit, shop_id: str, key_id: str) -> None:
    """The key opens nothing from now on."""
    if await store.revoke_key(unit, shop_id, key_id) == 0:
        raise NotFound("There is no such key, or it was revoked already.")


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
