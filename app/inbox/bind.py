"""Saying whose lane an address belongs to."""

from __future__ import annotations

from sqlalchemy import select, update

from app.db.unit import Unit
from app.inbox.models import alias, inbox

BELL = "inbox"


async def bind(unit: Unit, shop_id: str, address: str, lane_id: str) -> None:
    """Points `address` at the lane unless it belongs to one already; events that waited for an
    owner become due.
    """
    await unit.insert_once(
        alias,
        {"shop_id": shop_id, "address": address, "lane_id": lane_id},
        ("shop_id", "address"),
    )
    await unit.run(
        update(inbox)
        .where(
            inbox.c.shop_id == shop_id,
            inbox.c.address == address,
            inbox.c.status == "unmatched",
        )
        .values(status="new", note="")
    )
    unit.ring(BELL)


async def lane_at(unit: Unit, shop_id: str, address: str) -> str | None:
    """The lane an address belongs to, None when nobody knows it."""
    found = await unit.value(
        select(alias.c.lane_id).where(alias.c.shop_id == shop_id, alias.c.address == address)
    )
    return None if found is None else str(found)
