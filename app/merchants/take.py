"""Taking a shop or an account in hand: locked, so that two changes of it wait for each other."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row, delete, select

from app.core.errors import NotFound
from app.db.unit import Unit
from app.merchants.models import account, account_app, api_key, shop
from app.merchants.read import AccountRow, KeyRow, ShopRow, shop_by_id

Known = TypeVar("Known", bound=msgspec.Struct)


async def take_shop(unit: Unit, shop_id: str) -> ShopRow:
    """The shop, locked against other changes (not against rows that refer to it)."""
    await unit.row(select(shop.c.id).where(shop.c.id == shop_id).with_for_update(key_share=True))
    found = await shop_by_id(unit, shop_id)
    if found is None:
        raise NotFound("There is no such shop.", code="no-shop")
    return found


async def account_of(
    unit: Unit, shop_id: str, account_id: str, *, lock: bool = False
) -> AccountRow:
    """The account without its secrets. Raises `NotFound`."""
    query = select(account).where(account.c.shop_id == shop_id, account.c.id == account_id)
    row = await unit.row(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("The shop has no such account.", code="no-account")
    return _known(row, AccountRow)


async def account_named(
    unit: Unit, shop_id: str, channel: str, external_id: str
) -> AccountRow | None:
    """The shop's account with that id at the platform."""
    query = select(account).where(
        account.c.shop_id == shop_id,
        account.c.channel == channel,
        account.c.external_id == external_id,
    )
    row = await unit.row(query)
    return None if row is None else _known(row, AccountRow)


async def page_of_accounts(
    unit: Unit, shop_id: str, after: str | None, limit: int
) -> list[AccountRow]:
    """At most `limit` accounts, the newest first, older than `after`."""
    query = select(account).where(account.c.shop_id == shop_id)
    if after is not None:
        query = query.where(account.c.id < after)
    rows = await unit.rows(query.order_by(account.c.id.desc()).limit(limit))
    return [_known(row, AccountRow) for row in rows]


async def page_of_keys(unit: Unit, shop_id: str, after: str | None, limit: int) -> list[KeyRow]:
    """At most `limit` API keys, the newest first, older than `after`."""
    query = select(api_key).where(api_key.c.shop_id == shop_id)
    if after is not None:
        query = query.where(api_key.c.id < after)
    rows = await unit.rows(query.order_by(api_key.c.id.desc()).limit(limit))
    return [_known(row, KeyRow) for row in rows]


async def key_of_prefix(unit: Unit, shop_id: str, prefix: str) -> KeyRow:
    """The API key that begins so. Raises `NotFound`."""
    query = select(api_key).where(api_key.c.shop_id == shop_id, api_key.c.prefix == prefix)
    row = await unit.row(query)
    if row is None:
        raise NotFound("The shop has no such key.")
    return _known(row, KeyRow)


async def disconnect_account(unit: Unit, shop_id: str, account_id: str) -> None:
    """Forgets the account with its secrets: its webhooks are refused, what waits to leave dies."""
    await account_of(unit, shop_id, account_id, lock=True)
    await unit.run(delete(account_app).where(account_app.c.account_id == account_id))
    await unit.run(delete(account).where(account.c.shop_id == shop_id, account.c.id == account_id))


def _known(row: Row[Any], kind: type[Known]) -> Known:
    """The columns that this struct names, in its types."""
    return msgspec.convert({name: row._mapping[name] for name in kind.__struct_fields__}, kind)
