"""The SQL that the audit of orders asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select

from app.db.unit import Unit
from app.orders.models import order_change, order_line, shop_order


async def count_all(unit: Unit) -> int:
    """How many orders there are, of all shops."""
    return int(await unit.value(select(func.count()).select_from(shop_order)))


async def wrong_sums(unit: Unit) -> list[str]:
    """Ids of orders whose total is not the sum of their lines."""
    summed = func.coalesce(func.sum(order_line.c.amount), 0)
    rows = await unit.rows(
        select(shop_order.c.id)
        .outerjoin(
            order_line,
            (order_line.c.shop_id == shop_order.c.shop_id)
            & (order_line.c.order_id == shop_order.c.id),
        )
        .group_by(shop_order.c.id, shop_order.c.total)
        .having(summed != shop_order.c.total)
        .order_by(shop_order.c.id)
    )
    return [row.id for row in rows]


async def unexplained_states(unit: Unit) -> list[str]:
    """Ids of orders whose state is not where their last recorded move led."""
    last = (
        select(order_change.c.order_id, func.max(order_change.c.id).label("last"))
        .group_by(order_change.c.order_id)
        .subquery()
    )
    rows = await unit.rows(
        select(shop_order.c.id)
        .outerjoin(last, last.c.order_id == shop_order.c.id)
        .outerjoin(order_change, order_change.c.id == last.c.last)
        .where(func.coalesce(order_change.c.to_state, "") != shop_order.c.state)
        .order_by(shop_order.c.id)
    )
    return [row.id for row in rows]


async def moves(unit: Unit) -> list[Row[Any]]:
    """Every kind of move ever recorded, with one order that made it."""
    return list(
        await unit.rows(
            select(
                order_change.c.from_state,
                order_change.c.to_state,
                func.min(order_change.c.order_id).label("order_id"),
            ).group_by(order_change.c.from_state, order_change.c.to_state)
        )
    )
