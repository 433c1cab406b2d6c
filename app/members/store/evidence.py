"""The SQL that the audit of points asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from app.db.unit import Unit
from app.members.models import member, points_account, points_entry, points_transaction


async def count_transactions(unit: Unit) -> int:
    return int(await unit.value(select(func.count()).select_from(points_transaction)))


async def unbalanced(unit: Unit) -> Sequence[Row[Any]]:
    """Transactions whose entries do not sum to zero."""
    total = func.sum(points_entry.c.amount)
    query = (
        select(
            points_entry.c.transaction_id.label("id"), points_entry.c.shop_id, total.label("total")
        )
        .group_by(points_entry.c.transaction_id, points_entry.c.shop_id)
        .having(total != 0)
    )
    return await unit.rows(query.order_by(points_entry.c.transaction_id))


async def wrong_balances(unit: Unit) -> Sequence[Row[Any]]:
    """Accounts that disagree with their entries, and entries that have no account."""
    sums = (
        select(
            points_entry.c.shop_id,
            points_entry.c.side,
            points_entry.c.member_id,
            func.sum(points_entry.c.amount).label("booked"),
        )
        .where(points_entry.c.side != "shop")
        .group_by(points_entry.c.shop_id, points_entry.c.side, points_entry.c.member_id)
        .subquery()
    )
    booked = func.coalesce(sums.c.booked, 0)
    account = points_account
    same = and_(
        sums.c.shop_id == account.c.shop_id,
        sums.c.side == account.c.side,
        sums.c.member_id == account.c.member_id,
    )
    disagree = (
        select(account, booked.label("booked"))
        .outerjoin(sums, same)
        .where(
            or_(
                account.c.balance != booked,
                and_(account.c.side == "member", account.c.balance < 0),
                and_(account.c.side == "owed", account.c.balance > 0),
            )
        )
        .order_by(account.c.member_id, account.c.side)
    )
    homeless = (
        select(sums, account.c.balance)
        .outerjoin(account, same)
        .where(account.c.member_id.is_(None))
        .order_by(sums.c.member_id, sums.c.side)
    )
    return [*await unit.rows(disagree), *await unit.rows(homeless)]


async def wrong_spending(unit: Unit) -> Sequence[Row[Any]]:
    """Members whose lifetime spending is not the sum of what their transactions did to it.

    One that went up in another has none left: the other's `join` carries it.
    """
    sums = (
        select(points_transaction.c.member_id, func.sum(points_transaction.c.spent).label("booked"))
        .group_by(points_transaction.c.member_id)
        .subquery()
    )
    booked = func.coalesce(sums.c.booked, 0)
    query = (
        select(member, booked.label("booked"))
        .outerjoin(sums, sums.c.member_id == member.c.id)
        .where(member.c.joined_into.is_(None), member.c.spent != booked)
    )
    return await unit.rows(query.order_by(member.c.id))
