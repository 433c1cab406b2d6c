"""Everything the playground shows of one shopper, as one document."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core.errors import NotFound
from app.db.unit import Unit
from app.inbox.bind import lane_at
from app.inbox.read import came_for
from app.merchants.read import ShopRow, shop_at
from app.outbox.read import left_for
from app.web.context import Context
from app.web.play.hood import rows_of
from app.web.play.merchant import member_view, order_view, stock_view
from app.web.play.social import comments_of, posts_of, thread_of
from app.web.play.stage import Stage

Json = dict[str, Any]


async def shop_of(unit: Unit, stage: Stage) -> ShopRow:
    """The shop whose posts are shown. Raises `NotFound`."""
    shop = await shop_at(unit, stage.shop)
    if shop is None:
        raise NotFound(f"There is no shop {stage.shop}: run `dangol demo`.")
    return shop


async def view_of(context: Context, stage: Stage, person: str, language: str) -> bytes:
    """Post, phone and the shop's side as they are now, as JSON."""
    async with context.engine.read() as unit:
        row = await shop_of(unit, stage)
        shop = await context.house.shops.get(unit, row.id)
        lane_id = await lane_at(unit, row.id, stage.address_of(person)) if person else None
        posts = posts_of(shop, language)
        for post in posts:
            post["comments"] = comments_of(stage, post["media"])
        view = {
            "shop": row.name,
            "handle": stage.platform.username,
            "now": unit.now.isoformat(),
            "zone": row.timezone,
            "posts": posts,
            "thread": thread_of(stage, person),
            "typing": await _typing(unit, row.id, lane_id),
            "order": await order_view(unit, shop, lane_id, language),
            "stock": await stock_view(unit, shop, language),
            "member": await member_view(unit, shop, lane_id, language),
            "rows": await rows_of(unit, row.id),
            "switches": stage.switches(),
        }
    return msgspec.json.encode(view)


async def _typing(unit: Unit, shop_id: str, lane_id: str | None) -> bool:
    """Is an answer on its way: an event not worked off, or a message not sent?"""
    if lane_id is None:
        return False
    if any(row.status == "new" for row in await came_for(unit, shop_id, lane_id, 10)):
        return True
    open_ones = await left_for(
        unit, shop_id, lane_id, statuses=("queued", "sending"), newest=True, limit=5
    )
    return any(row.next_at <= unit.now for row in open_ones)
