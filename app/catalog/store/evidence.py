"""The SQL that the audit of the shelf asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select

from app.catalog.models import hold, stock_movement, variant
from app.catalog.store.stock import LIVE
from app.db.unit import Unit


async def count_variants(unit: Unit) -> int:
    return int(await unit.value(select(func.count()).select_from(variant)))


async def wrong_variants(unit: Unit) -> Sequence[Row[Any]]:
    """Variants whose numbers disagree with their holds or movements, or with sense."""
    holds = (
        select(hold.c.variant_id, func.sum(hold.c.quantity).label("kept"))
        .where(hold.c.status == LIVE)
        .group_by(hold.c.variant_id)
        .subquery()
    )
    book = (
        select(stock_movement.c.variant_id, func.sum(stock_movement.c.delta).label("booked"))
        .group_by(stock_movement.c.variant_id)
        .subquery()
    )
    kept, booked = func.coalesce(holds.c.kept, 0), func.coalesce(book.c.booked, 0)
    query = (
        select(variant, kept.label("kept"), booked.label("booked"))
        .outerjoin(holds, holds.c.variant_id == variant.c.id)
        .outerjoin(book, book.c.variant_id == variant.c.id)
        .where(
            or_(
                variant.c.held != kept,
                variant.c.on_hand != booked,
                variant.c.held < 0,
                variant.c.on_hand < variant.c.held,
            )
        )
    )
    return await unit.rows(query.order_by(variant.c.id))


async def overreturned(unit: Unit) -> Sequence[Row[Any]]:
    """Orders of which more pieces of a variant came back than had gone."""
    moves = stock_movement
    back = func.sum(moves.c.delta)
    query = (
        select(moves.c.shop_id, moves.c.order_id, moves.c.variant_id, (-back).label("taken"))
        .where(moves.c.order_id.is_not(None))
        .group_by(moves.c.shop_id, moves.c.order_id, moves.c.variant_id)
        .having(back > 0)
    )
    return await unit.rows(query.order_by(moves.c.order_id, moves.c.variant_id))
