"""All SQL of shops, accounts and API keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, or_, select, update

from app.db.unit import Unit
from app.merchants.models import account, account_app, api_key, shop

SEEN_EVERY = timedelta(minutes=1)  # how often a busy row is told that it is in use


# --- shops -------------------------------------------------------------------------------------


async def shop_where(unit: Unit, column: str, value: str) -> Row[Any] | None:
    return await unit.row(select(shop).where(shop.c[column] == value))


async def all_shops(unit: Unit) -> Sequence[Row[Any]]:
    return await unit.rows(select(shop).order_by(shop.c.slug))


async def versions_of(unit: Unit, shop_ids: Collection[str]) -> dict[str, int]:
    query = select(shop.c.id, shop.c.catalog_version).where(shop.c.id.in_(sorted(shop_ids)))
    return {row.id: row.catalog_version for row in await unit.rows(query)}


async def insert_shop(unit: Unit, values: Mapping[str, Any]) -> bool:
    row = await unit.insert_once(shop, values, ("slug",))
    return row is not None


async def update_shop(unit: Unit, shop_id: str, values: Mapping[str, Any]) -> int:
    return await unit.run(update(shop).where(shop.c.id == shop_id).values(**values))


async def lock_shop(unit: Unit, shop_id: str) -> bool:
    query = select(shop.c.id).where(shop.c.id == shop_id).with_for_update()
    return await unit.row(query) is not None


async def bump_version(unit: Unit, shop_id: str) -> int | None:
    statement = (
        update(shop)
        .where(shop.c.id == shop_id)
        .values(catalog_version=shop.c.catalog_version + 1)
        .returning(shop.c.catalog_version)
    )
    return await unit.value(statement)  # type: ignore[no-any-return]


# --- accounts ----------------------------------------------------------------------------------

_mine, _theirs, _sibling = (
    account_app.alias("mine"),
    account_app.alias("theirs"),
    account.alias("sibling"),
)


async def accounts_with_siblings(unit: Unit, **where: Collection[str]) -> Sequence[Row[Any]]:
    """Each account, once for every account of its channel that shares an app with it."""
    query = (
        select(account, _sibling.c.external_id.label("sibling"))
        .outerjoin(_mine, _mine.c.account_id == account.c.id)
        .outerjoin(_theirs, _theirs.c.app_key == _mine.c.app_key)
        .outerjoin(
            _sibling,
            and_(_sibling.c.id == _theirs.c.account_id, _sibling.c.channel == account.c.channel),
        )
        .where(*(account.c[name].in_(sorted(values)) for name, values in where.items()))
    )
    return await unit.rows(query)


async def account_row(unit: Unit, channel: str, external_id: str) -> Row[Any] | None:
    query = select(account).where(
        account.c.channel == channel, account.c.external_id == external_id
    )
    return await unit.row(query.with_for_update())


async def accounts_of(unit: Unit, shop_id: str) -> Sequence[Row[Any]]:
    query = select(account).where(account.c.shop_id == shop_id)
    return await unit.rows(query.order_by(account.c.channel, account.c.external_id))


async def insert_account(unit: Unit, values: Mapping[str, Any]) -> bool:
    row = await unit.insert_once(account, values, ("channel", "external_id"))
    return row is not None


async def update_account(unit: Unit, account_id: str, values: Mapping[str, Any]) -> int:
    return await unit.run(update(account).where(account.c.id == account_id).values(**values))


async def delete_account(unit: Unit, account_id: str) -> int:
    await unit.run(delete(account_app).where(account_app.c.account_id == account_id))
    return await unit.run(delete(account).where(account.c.id == account_id))


async def set_app_keys(unit: Unit, shop_id: str, account_id: str, keys: Collection[str]) -> None:
    await unit.run(delete(account_app).where(account_app.c.account_id == account_id))
    for key in sorted(keys):
        values = {"shop_id": shop_id, "account_id": account_id, "app_key": key}
        await unit.run(account_app.insert().values(**values))


async def parked_accounts(unit: Unit, now: datetime) -> set[str]:
    query = select(account.c.id).where(
        or_(
            account.c.state == "needs-reauth",
            and_(
                account.c.state == "paused",
                or_(account.c.paused_until.is_(None), account.c.paused_until > now),
            ),
        )
    )
    return {row.id for row in await unit.rows(query)}


async def touch_account(unit: Unit, account_id: str) -> int:
    seen = account.c.last_event_at
    statement = update(account).where(
        account.c.id == account_id, or_(seen.is_(None), seen < unit.now - SEEN_EVERY)
    )
    return await unit.run(statement.values(last_event_at=unit.now))


# --- API keys ----------------------------------------------------------------------------------


async def insert_key(unit: Unit, values: Mapping[str, Any]) -> None:
    await unit.run(api_key.insert().values(**values))


async def key_at(unit: Unit, prefix: str) -> Row[Any] | None:
    return await unit.row(select(api_key).where(api_key.c.prefix == prefix))


async def keys_of(unit: Unit, shop_id: str) -> Sequence[Row[Any]]:
    query = select(api_key).where(api_key.c.shop_id == shop_id)
    return await unit.rows(query.order_by(api_key.c.created_at.desc(), api_key.c.id.desc()))


async def touch_key(unit: Unit, key_id: str) -> int:
    used = api_key.c.last_used_at
    statement = update(api_key).where(
        api_key.c.id == key_id, or_(used.is_(None), used < unit.now - SEEN_EVERY)
    )
    return await unit.run(statement.values(last_used_at=unit.now))


async def revoke_key(unit: Unit, shop_id: str, key_id: str) -> int:
    statement = update(api_key).where(
        api_key.c.shop_id == shop_id, api_key.c.id == key_id, api_key.c.revoked_at.is_(None)
    )
    return await unit.run(statement.values(revoked_at=unit.now))
