"""Keeping pieces for somebody for a while. All lines or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.catalog.shelf import Change, Lines, counted, kept, shift_all
from app.catalog.store import stock
from app.core.dialog.wants import Held, HoldRefused
from app.db.unit import Unit


async def hold_stock(
    unit: Unit, shop_id: str, lane_id: str, lines: Lines, until: datetime
) -> Held | HoldRefused:
    """Keeps these pieces for the lane's cart, in place of what that keeps now.

    Refused, nothing changes: what was kept stays kept, and `free` counts it in, since the lane
    may have it.
    """
    own = await stock.holds_of_lane(unit, shop_id, lane_id)
    return await _keep(unit, shop_id, lane_id, None, own, lines, until)


async def hold_for_order(
    unit: Unit, shop_id: str, lane_id: str, order_id: str, lines: Lines, until: datetime
) -> Held | HoldRefused:
    """Keeps these pieces for the order: those of the lane's cart pass to it, the rest is taken.

    Called again, it extends. Nothing is left kept for the cart.
    """
    own = await stock.holds_of_order(unit, shop_id, order_id, lane_id)
    return await _keep(unit, shop_id, lane_id, order_id, own, lines, until)


async def has_live_hold(unit: Unit, shop_id: str, lane_id: str) -> bool:
    """Is anything kept for this lane, in its cart or for an order of it?"""
    return await stock.lane_keeps(unit, shop_id, lane_id)


async def _keep(
    unit: Unit,
    shop_id: str,
    lane_id: str,
    order_id: str | None,
    own: Sequence[Row[Any]],
    lines: Lines,
    until: datetime,
) -> Held | HoldRefused:
    wanted, before = counted(lines), kept(own)
    changes = {
        variant_id: Change(on_hand=0, held=wanted[variant_id] - before[variant_id])
        for variant_id in wanted | before
    }
    short = await shift_all(unit, shop_id, changes, on_sale=True)
    if short:
        free = await stock.free_of_variants(unit, shop_id, short)
        left = {each: free[each] + before[each] if each in free else 0 for each in short}
        return HoldRefused(free=left)
    if own:
        await stock.end_holds(unit, [row.id for row in own], stock.RELEASED)
    if wanted:
        rows = [
            {
                "id": unit.ids.new("hld", unit.now),
                "shop_id": shop_id,
                "lane_id": lane_id,
                "order_id": order_id,
                "variant_id": variant_id,
                "quantity": wanted[variant_id],
                "expires_at": until,
                "status": stock.LIVE,
                "created_at": unit.now,
            }
            for variant_id in sorted(wanted)
        ]
        await stock.insert_holds(unit, rows)
    return Held(until=until)
