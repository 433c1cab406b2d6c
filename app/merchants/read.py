"""What others may know of a shop, its accounts and its keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from app.core.ports import Account
from app.db.unit import Unit
from app.merchants import store
from app.merchants.seal import open_secrets
from app.merchants.settings import ShopSettings

Known = TypeVar("Known", bound=msgspec.Struct)


class ShopRow(msgspec.Struct, frozen=True):
    """A shop and what it decided for itself."""

    id: str
    slug: str
    name: str
    locale: str
    currency: str
    country: str
    timezone: str
    catalog_version: int
    settings: ShopSettings


class AccountRow(msgspec.Struct, frozen=True):
    """An account without its secrets; `secret_names` says which ones are stored."""

    id: str
    shop_id: str
    channel: str
    external_id: str
    api_url: str | None
    state: str
    paused_until: datetime | None
    last_event_at: datetime | None
    secret_names: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


class KeyRow(msgspec.Struct, frozen=True):
    """An API key as it may be shown: by its prefix its owner knows which one it is."""

    id: str
    shop_id: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


async def shop_at(unit: Unit, slug: str) -> ShopRow | None:
    """The shop of that short name."""
    return _shop(await store.shop_where(unit, "slug", slug))


async def shop_by_id(unit: Unit, shop_id: str) -> ShopRow | None:
    """The shop of that id."""
    return _shop(await store.shop_where(unit, "id", shop_id))


async def all_shops(unit: Unit) -> list[ShopRow]:
    """Every shop, in order of slug."""
    return [row for found in await store.all_shops(unit) if (row := _shop(found))]


async def versions_of(unit: Unit, shop_ids: Collection[str]) -> dict[str, int]:
    """The catalogue version of each of these shops, for those who keep snapshots."""
    return await store.versions_of(unit, shop_ids)


async def account_at(unit: Unit, channel: str, external_id: str) -> Account | None:
    """The account behind a webhook address, with its secrets and the accounts of its app."""
    found = await _accounts(unit, channel=[channel], external_id=[external_id])
    return next(iter(found.values()), None)


async def account_by_id(unit: Unit, account_id: str) -> Account | None:
    """The account of that id, with its secrets and the accounts of its app."""
    return (await accounts_by_id(unit, [account_id])).get(account_id)


async def accounts_of(unit: Unit, shop_id: str) -> list[AccountRow]:
    """The accounts of a shop, without secrets."""
    found = await store.accounts_of(unit, shop_id)
    return [_known(row, AccountRow) for row in found]


async def parked_accounts(unit: Unit, now: datetime | None = None) -> set[str]:
    """The ids of accounts through which nothing may be sent now."""
    return await store.parked_accounts(unit, now or unit.now)


async def keys_of(unit: Unit, shop_id: str) -> list[KeyRow]:
    """The API keys of a shop, newest first."""
    found = await store.keys_of(unit, shop_id)
    return [_known(row, KeyRow) for row in found]


def _shop(row: Row[Any] | None) -> ShopRow | None:
    return None if row is None else _known(row, ShopRow)


async def accounts_by_id(unit: Unit, account_ids: Collection[str]) -> dict[str, Account]:
    """Those of these accounts that exist, by id, with their secrets."""
    return await _accounts(unit, id=account_ids) if account_ids else {}


async def _accounts(unit: Unit, **where: Collection[str]) -> dict[str, Account]:
    rows: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in await store.accounts_with_siblings(unit, **where):
        rows[row.id].append(row)
    return {account_id: _account(unit, found) for account_id, found in rows.items()}


def _account(unit: Unit, rows: list[Row[Any]]) -> Account:
    first = rows[0]
    return Account(
        id=first.id,
        shop_id=first.shop_id,
        channel=first.channel,
        external_id=first.external_id,
        secrets=open_secrets(unit.vault, first.shop_id, first.id, first.secrets),
        api_url=first.api_url,
        app_accounts=frozenset(row.sibling for row in rows if row.sibling is not None),
    )


def _known(row: Row[Any], kind: type[Known]) -> Known:
    """The columns that this struct names, in its types."""
    names = [field.name for field in msgspec.structs.fields(kind)]
    return msgspec.convert({name: row._mapping[name] for name in names}, kind)
