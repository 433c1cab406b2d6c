"""Giving back what was kept: on purpose, because time is over, or because two chats are one."""

from __future__ import annotations

from app.catalog.shelf import give_back
from app.catalog.store import stock
from app.db.unit import Unit

EXPIRED_AT_ONCE = 200


async def release_holds(unit: Unit, shop_id: str, lane_id: str) -> int:
    """Gives back what the lane's cart keeps; how many holds that were."""
    return await give_back(unit, await stock.holds_of_lane(unit, shop_id, lane_id))


async def release_order(unit: Unit, shop_id: str, order_id: str) -> int:
    """Gives back what the order keeps; how many holds that were."""
    return await give_back(unit, await stock.holds_of_order(unit, shop_id, order_id))


async def expire_holds(unit: Unit, limit: int = EXPIRED_AT_ONCE) -> int:
    """Gives back at most `limit` holds whose time is over, the oldest first; how many."""
    return await give_back(unit, await stock.holds_due(unit, limit))


async def move_lane_holds(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> None:
    """Two lanes become one: what orders keep follows, what the other's cart kept is given back."""
    await release_holds(unit, shop_id, from_lane)
    await stock.move_order_holds(unit, shop_id, from_lane, to_lane)
