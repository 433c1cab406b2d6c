"""Two addresses proved to be one person: one conversation goes on, the other steps aside."""

from __future__ import annotations

from sqlalchemy import select, update

from app.catalog.hold import has_live_hold
from app.catalog.release import release_holds
from app.conversations.models import conversation
from app.db.unit import Unit
from app.inbox.join import join_lanes as join_inbox_lanes
from app.inbox.turns import Lane
from app.members.join import join_lanes as join_contacts
from app.orders.move import move_lane_orders
from app.outbox.streams import move_chat
from app.payments.read import has_open_payment
from app.timers.set_timer import cancel_all


async def join(unit: Unit, shop_id: str, one: Lane, other: Lane) -> str:
    """Makes one lane of two that are both locked; the id of the one that stays.

    It is the one with an open payment, else with a live hold, else the newer; the other's open cart
    and holds are released, its orders and its contact move over.
    """
    kept, gone = await _choose(unit, shop_id, one, other)
    await release_holds(unit, shop_id, gone.id)
    await move_lane_orders(unit, shop_id, gone.id, kept.id)
    await join_contacts(unit, shop_id, gone.id, kept.id)
    await cancel_all(unit, shop_id, f"lane:{gone.id}")
    await move_chat(unit, shop_id, gone.id, kept.id)
    await _carry_window(unit, gone.id, kept.id)
    await join_inbox_lanes(unit, shop_id, gone.id, kept.id)
    return kept.id


async def _choose(unit: Unit, shop_id: str, one: Lane, other: Lane) -> tuple[Lane, Lane]:
    ranked = []
    for lane in (one, other):
        created = await unit.value(
            select(conversation.c.created_at).where(conversation.c.lane_id == lane.id)
        )
        rank = (
            await has_open_payment(unit, shop_id, lane.id),
            await has_live_hold(unit, shop_id, lane.id),
            created is not None,
            created.isoformat() if created is not None else "",
            lane.id,
        )
        ranked.append((rank, lane))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return ranked[0][1], ranked[1][1]


async def _carry_window(unit: Unit, gone: str, kept: str) -> None:
    """What the platform allows belongs to the person, not to the conversation."""
    rows = {
        row.lane_id: row
        for row in await unit.rows(
            select(
                conversation.c.lane_id, conversation.c.window_until, conversation.c.recipient
            ).where(conversation.c.lane_id.in_((gone, kept)))
        )
    }
    old, new = rows.get(gone), rows.get(kept)
    if old is None or new is None:
        return
    windows = [row.window_until for row in (old, new) if row.window_until is not None]
    await unit.run(
        update(conversation)
        .where(conversation.c.lane_id == kept)
        .values(
            window_until=max(windows, default=None),
            recipient=new.recipient or old.recipient,
        )
    )
