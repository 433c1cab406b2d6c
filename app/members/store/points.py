"""The SQL of the ledger of points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from app.db.unit import Unit
from app.members.models import points_account, points_entry, points_transaction


async def transaction(unit: Unit, shop_id: str, kind: str, order_id: str) -> Row[Any] | None:
    query = select(points_transaction).where(
        points_transaction.c.shop_id == shop_id,
        points_transaction.c.kind == kind,
        points_transaction.c.order_id == order_id,
    )
    return await unit.row(query)


async def transactions_of(
    unit: Unit, shop_id: str, member_id: str, limit: int
) -> Sequence[Row[Any]]:
    """Those of a member, newest first."""
    query = select(points_transaction).where(
        points_transaction.c.shop_id == shop_id, points_transaction.c.member_id == member_id
    )
    order = (points_transaction.c.at.desc(), points_transaction.c.id.desc())
    return await unit.rows(query.order_by(*order).limit(limit))


async def insert_transaction(unit: Unit, values: Mapping[str, Any]) -> bool:
    keys = ("shop_id", "kind", "order_id")
    return await unit.insert_once(points_transaction, values, keys) is not None


async def insert_entries(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    await unit.run(points_entry.insert(), rows)


async def balances(unit: Unit, shop_id: str, member_id: str) -> dict[str, int]:
    """Both balances of a member, by side."""
    query = select(points_account.c.side, points_account.c.balance).where(
        points_account.c.shop_id == shop_id, points_account.c.member_id == member_id
    )
    return {row.side: row.balance for row in await unit.rows(query)}


async def add_to_balance(unit: Unit, shop_id: str, side: str, member_id: str, amount: int) -> int:
    statement = update(points_account).where(
        points_account.c.shop_id == shop_id,
        points_account.c.side == side,
        points_account.c.member_id == member_id,
    )
    return await unit.run(statement.values(balance=points_account.c.balance + amount))
