"""Giving back what was kept: on purpose, because time is over, or because two chats are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.catalog.shelf import Change, kept, shift_all
from app.catalog.store import stock
from app.core.errors import Broken
from app.db.unit import Unit


async def release_holds(unit: Unit, shop_id: str, lane_id: str) -> int:
    """Gives back what the lane's cart keeps; how many holds that were."""
    return await _give_back(unit, await stock.holds_of_lane(unit, shop_id, lane_id))


async def release_order(unit: Unit, shop_id: str, order_id: str) -> int:
    """Gives back what the order keeps; how many holds that were."""
    return await _give_back(unit, await stock.holds_of_order(unit, shop_id, order_id))


async def expire_holds(unit: Unit, limit: int) -> int:
    """Gives back at most `limit` holds whose time is over, the oldest first."""
    return await _give_back(unit, await stock.holds_due(unit, limit))


async def move_lane_holds(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> None:
    """Two lanes become one: what orders keep follows, what the other's cart kept is given back."""
    await release_holds(unit, shop_id, from_lane)
    await stock.move_order_holds(unit, shop_id, from_lane, to_lane)


async def _give_back(unit: Unit, holds: Sequence[Row[Any]]) -> int:
    if not holds:
        return 0
    by_shop = defaultdict(list)
    for row in holds:
        by_shop[row.shop_id].append(row)
    for shop_id in sorted(by_shop):
        changes = {
            variant_id: Change(on_hand=0, held=-quantity)
            for variant_id, quantity in kept(by_shop[shop_id]).items()
        }
        short = await shift_all(unit, shop_id, changes)
        if short:
            raise Broken(f"More is kept than held: {', '.join(short)}. Run dangol audit.")
    return await stock.end_holds(unit, [row.id for row in holds], stock.RELEASED)
