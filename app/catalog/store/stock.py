"""The SQL of the shelf and of the holds on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, update

from app.catalog.models import hold, stock_movement, variant
from app.db.unit import Unit

LIVE = "live"
RELEASED = "released"
CONSUMED = "consumed"
SOLD = "sold"

# The condition says what the CHECK says, on the row as it is once its lock is ours: two buyers of
# the last piece both come here, and the second finds nothing to change.
_SHIFT = (
    update(variant)
    .where(
        variant.c.shop_id == bindparam("the_shop"),
        variant.c.id == bindparam("the_variant"),
        variant.c.held + bindparam("held_delta") >= 0,
        variant.c.on_hand + bindparam("on_hand_delta") >= variant.c.held + bindparam("held_delta"),
    )
    .values(
        on_hand=variant.c.on_hand + bindparam("on_hand_delta"),
        held=variant.c.held + bindparam("held_delta"),
    )
)
_SHIFT_ON_SALE = _SHIFT.where(variant.c.active)

_FREE = select(variant.c.id, (variant.c.on_hand - variant.c.held).label("free")).where(
    variant.c.shop_id == bindparam("the_shop"), variant.c.active
)
_FREE_OF_PRODUCTS = _FREE.where(variant.c.product_id.in_(bindparam("products", expanding=True)))
_FREE_OF_VARIANTS = _FREE.where(variant.c.id.in_(bindparam("variants", expanding=True)))


async def shift(
    unit: Unit, shop_id: str, variant_id: str, on_hand: int, held: int, *, on_sale: bool = False
) -> bool:
    """Changes both numbers of a variant, or nothing when there is not enough."""
    values = {
        "the_shop": shop_id,
        "the_variant": variant_id,
        "on_hand_delta": on_hand,
        "held_delta": held,
    }
    return await unit.run(_SHIFT_ON_SALE if on_sale else _SHIFT, values) == 1


async def free_of_products(
    unit: Unit, shop_id: str, product_ids: Collection[str]
) -> dict[str, int]:
    values = {"the_shop": shop_id, "products": sorted(product_ids)}
    return {row.id: row.free for row in await unit.rows(_FREE_OF_PRODUCTS, values)}


async def free_of_variants(
    unit: Unit, shop_id: str, variant_ids: Collection[str]
) -> dict[str, int]:
    values = {"the_shop": shop_id, "variants": sorted(variant_ids)}
    return {row.id: row.free for row in await unit.rows(_FREE_OF_VARIANTS, values)}


# --- holds: always locked before the variants they are on -----------------------------------------

_HOLD = select(hold.c.id, hold.c.shop_id, hold.c.variant_id, hold.c.quantity).where(
    hold.c.status == LIVE
)


async def holds_of_lane(unit: Unit, shop_id: str, lane_id: str) -> Sequence[Row[Any]]:
    """What the lane's cart keeps, locked."""
    query = _HOLD.where(
        hold.c.shop_id == shop_id, hold.c.lane_id == lane_id, hold.c.order_id.is_(None)
    )
    return await unit.rows(query.order_by(hold.c.id).with_for_update())


async def holds_of_order(
    unit: Unit, shop_id: str, order_id: str, lane_id: str | None = None
) -> Sequence[Row[Any]]:
    """What the order keeps (and the cart of this lane, where one is named), locked."""
    whose = hold.c.order_id == order_id
    if lane_id is not None:
        whose = or_(whose, and_(hold.c.lane_id == lane_id, hold.c.order_id.is_(None)))
    query = _HOLD.where(hold.c.shop_id == shop_id, whose)
    return await unit.rows(query.order_by(hold.c.id).with_for_update())


async def lane_keeps(unit: Unit, shop_id: str, lane_id: str) -> bool:
    query = select(hold.c.id).where(
        hold.c.shop_id == shop_id, hold.c.lane_id == lane_id, hold.c.status == LIVE
    )
    return await unit.row(query.limit(1)) is not None


async def holds_due(unit: Unit, limit: int) -> Sequence[Row[Any]]:
    """Holds whose time is over, locked; those somebody else is busy with are left to them."""
    query = _HOLD.where(hold.c.expires_at <= unit.now).order_by(hold.c.expires_at, hold.c.id)
    return await unit.rows(query.limit(limit).with_for_update(skip_locked=True))


async def end_holds(unit: Unit, ids: Collection[str], status: str) -> int:
    statement = update(hold).where(hold.c.id.in_(sorted(ids)), hold.c.status == LIVE)
    return await unit.run(statement.values(status=status, ended_at=unit.now))


async def insert_holds(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    await unit.run(hold.insert(), rows)


async def move_order_holds(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> int:
    statement = update(hold).where(
        hold.c.shop_id == shop_id, hold.c.lane_id == from_lane, hold.c.order_id.is_not(None)
    )
    return await unit.run(statement.values(lane_id=to_lane))


# --- movements -----------------------------------------------------------------------------------


async def insert_movements(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    await unit.run(stock_movement.insert(), rows)


async def was_sold(unit: Unit, shop_id: str, order_id: str) -> bool:
    """Did this order take its pieces from the shelf already?"""
    query = select(stock_movement.c.id).where(
        stock_movement.c.shop_id == shop_id,
        stock_movement.c.order_id == order_id,
        stock_movement.c.reason == SOLD,
    )
    return await unit.row(query.limit(1)) is not None


async def lock_variants(unit: Unit, shop_id: str, variant_ids: Collection[str]) -> None:
    query = select(variant.c.id).where(
        variant.c.shop_id == shop_id, variant.c.id.in_(sorted(variant_ids))
    )
    await unit.rows(query.order_by(variant.c.id).with_for_update())


async def taken_by_order(unit: Unit, shop_id: str, order_id: str) -> dict[str, int]:
    """How many pieces of each variant the order has taken and not brought back."""
    moves = stock_movement
    query = (
        select(moves.c.variant_id, (-func.sum(moves.c.delta)).label("taken"))
        .where(moves.c.shop_id == shop_id, moves.c.order_id == order_id)
        .group_by(moves.c.variant_id)
    )
    return {row.variant_id: int(row.taken) for row in await unit.rows(query)}


async def movements_of(
    unit: Unit, shop_id: str, variant_id: str | None, before: int | None, limit: int
) -> Sequence[Row[Any]]:
    query = select(stock_movement).where(stock_movement.c.shop_id == shop_id)
    if variant_id is not None:
        query = query.where(stock_movement.c.variant_id == variant_id)
    if before is not None:
        query = query.where(stock_movement.c.id < before)
    return await unit.rows(query.order_by(stock_movement.c.id.desc()).limit(limit))


async def stock_row(unit: Unit, shop_id: str, variant_id: str) -> Row[Any] | None:
    query = select(variant.c.on_hand, variant.c.held).where(
        variant.c.shop_id == shop_id, variant.c.id == variant_id
    )
    return await unit.row(query)


def movement(
    shop_id: str,
    variant_id: str,
    delta: int,
    reason: str,
    actor: str,
    at: datetime,
    order_id: str | None = None,
) -> dict[str, Any]:
    """One line of the stock book."""
    return {
        "shop_id": shop_id,
        "variant_id": variant_id,
        "delta": delta,
        "reason": reason,
        "actor": actor,
        "order_id": order_id,
        "at": at,
    }
