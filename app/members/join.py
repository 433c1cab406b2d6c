"""Two chats prove to be one person's."""

from __future__ import annotations

from app.db.unit import Unit
from app.members.store import people as store


async def join_lanes(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> None:
    """The contacts of one lane move to the other. Who said stop in one is left alone in both."""
    moved = await store.contacts_of_lane(unit, shop_id, from_lane, lock=True)
    there = await store.contacts_of_lane(unit, shop_id, to_lane, lock=True)
    stops = [row.opted_out_at for row in (*moved, *there) if row.opted_out_at is not None]
    await store.update_lane(unit, shop_id, from_lane, {"lane_id": to_lane})
    if stops:
        await store.update_lane(unit, shop_id, to_lane, {"opted_out_at": min(stops)})
