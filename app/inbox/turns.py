"""The SQL of the inbox: whose turn it is, what is undone, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, or_, select, update

from app.core.inbound import AnyEvent
from app.db.unit import Unit
from app.inbox.arrival import decode
from app.inbox.models import alias, inbox, lane

SAME_ATTEMPT = timedelta(milliseconds=500)  # shorter than the shortest rest of a lane


class Lane(msgspec.Struct, frozen=True):
    """A locked lane. `token` names it on buttons."""

    id: str
    shop_id: str
    token: str


class Due(msgspec.Struct, frozen=True):
    """An undone event of a locked lane."""

    id: int
    shop_id: str
    lane_id: str
    channel: str
    account: str
    key: str
    address: str
    stored: bytes
    occurred_at: datetime
    received_at: datetime
    attempts: int

    def event(self) -> AnyEvent:
        """The event itself; raises `msgspec.ValidationError` when a newer version wrote it."""
        return decode(self.stored)


class Done(msgspec.Struct, frozen=True):
    """What became of an event."""

    id: int
    lane_id: str
    status: str = "done"
    note: str = ""
    outcome: Mapping[str, str] | None = None


async def pick_lanes(unit: Unit, limit: int) -> dict[str, int]:
    """Lanes with due events, their head event's attempt raised: lane id -> head's inbox id.

    Round-robin over shops, so that one shop's flood slows nobody else. Lanes that somebody works on
    are left out; workers that pick the same head at the same moment count as one attempt.
    """
    turn = func.row_number().over(
        partition_by=alias.c.lane_id, order_by=(inbox.c.occurred_at, inbox.c.id)
    )
    oldest = func.min(inbox.c.id).over(partition_by=alias.c.lane_id)
    due = (
        select(
            inbox.c.id, inbox.c.shop_id, alias.c.lane_id, turn.label("turn"),
            oldest.label("oldest"),
        )
        .join(alias, (alias.c.shop_id == inbox.c.shop_id) & (alias.c.address == inbox.c.address))
        .join(lane, lane.c.id == alias.c.lane_id)
        .where(inbox.c.status == "new", lane.c.retry_at <= unit.now)
        .subquery()
    )  # fmt: skip
    share = func.row_number().over(partition_by=due.c.shop_id, order_by=due.c.oldest)
    heads = (
        select(due.c.lane_id, due.c.id)
        .where(due.c.turn == 1)
        .order_by(share, due.c.oldest)
        .limit(limit)
    )
    due_now = {str(row.lane_id): int(row.id) for row in await unit.rows(heads)}
    if not due_now:
        return {}
    free = [lane.id for lane in await lock_lanes(unit, list(due_now))]
    picked = {lane_id: due_now[lane_id] for lane_id in free}
    await unit.run(
        update(inbox)
        .where(
            inbox.c.id.in_(list(picked.values())),
            or_(inbox.c.attempted_at.is_(None), inbox.c.attempted_at <= unit.now - SAME_ATTEMPT),
        )
        .values(attempts=inbox.c.attempts + 1, attempted_at=unit.now)
    )
    return picked


async def lock_lanes(unit: Unit, lane_ids: Sequence[str]) -> list[Lane]:
    """Those of the lanes that nobody else holds, locked in id order until the transaction ends."""
    statement = (
        select(lane.c.id, lane.c.shop_id, lane.c.token)
        .where(lane.c.id.in_(lane_ids), lane.c.retry_at <= unit.now)
        .order_by(lane.c.id)
        .with_for_update(skip_locked=True, of=lane)
    )
    return [Lane(row.id, row.shop_id, row.token) for row in await unit.rows(statement)]


async def undone(unit: Unit, lane_ids: Sequence[str], per_lane: int) -> dict[str, list[Due]]:
    """The undone events of locked lanes, oldest first, at most `per_lane` each."""
    turn = (
        func.row_number()
        .over(partition_by=alias.c.lane_id, order_by=(inbox.c.occurred_at, inbox.c.id))
        .label("turn")
    )
    found = (
        select(
            inbox.c.id, inbox.c.shop_id, alias.c.lane_id, inbox.c.channel, inbox.c.account,
            inbox.c.key, inbox.c.address, inbox.c.event, inbox.c.occurred_at,
            inbox.c.received_at, inbox.c.attempts, turn,
        )
        .join(alias, (alias.c.shop_id == inbox.c.shop_id) & (alias.c.address == inbox.c.address))
        .where(inbox.c.status == "new", alias.c.lane_id.in_(lane_ids))
        .subquery()
    )  # fmt: skip
    rows = await unit.rows(
        select(found).where(found.c.turn <= per_lane).order_by(found.c.lane_id, found.c.turn)
    )
    by_lane: dict[str, list[Due]] = {}
    for row in rows:
        by_lane.setdefault(row.lane_id, []).append(Due(*tuple(row)[:11]))
    return by_lane


_finish = (
    update(inbox)
    .where(inbox.c.id == bindparam("row_id"))
    .values(
        status=bindparam("new_status"),
        note=bindparam("new_note"),
        lane_id=bindparam("new_lane"),
        outcome=bindparam("new_outcome"),
        done_at=bindparam("new_done_at"),
    )
)


async def finish(unit: Unit, done: Sequence[Done]) -> None:
    """Records what became of these events, and wakes the requests that wait for their outcome."""
    if not done:
        return
    values: list[dict[str, Any]] = [
        {
            "row_id": one.id,
            "new_status": one.status,
            "new_note": one.note,
            "new_lane": one.lane_id,
            "new_outcome": one.outcome,
            "new_done_at": unit.now,
        }
        for one in done
    ]
    await unit.run(_finish, values)
    for one in done:
        if one.outcome is not None:
            unit.ring(f"outcome:{one.id}")


async def retry_lane(unit: Unit, lane_id: str, after: float) -> None:
    """Lets the lane rest for `after` seconds."""
    await unit.run(
        update(lane)
        .where(lane.c.id == lane_id)
        .values(retry_at=unit.now + timedelta(seconds=after))
    )


async def give_back(unit: Unit, inbox_ids: Sequence[int]) -> None:
    """Takes back attempts that were not the events' own fault."""
    if inbox_ids:
        await unit.run(
            update(inbox)
            .where(inbox.c.id.in_(inbox_ids), inbox.c.attempts > 0)
            .values(attempts=inbox.c.attempts - 1)
        )


async def mark_unmatched(unit: Unit, older_than: timedelta) -> int:
    """Sets aside payments that nobody knows; `bind` wakes them when somebody does."""
    unknown = (
        select(inbox.c.id)
        .outerjoin(
            alias, (alias.c.shop_id == inbox.c.shop_id) & (alias.c.address == inbox.c.address)
        )
        .where(
            inbox.c.status == "new",
            inbox.c.received_at < unit.now - older_than,
            alias.c.lane_id.is_(None),
        )
        .limit(500)
    )
    return await unit.run(
        update(inbox)
        .where(inbox.c.id.in_(unknown.scalar_subquery()))
        .values(status="unmatched", note="no payment of ours has this reference yet")
    )


async def lanes_with_work(unit: Unit) -> set[str]:
    """Lanes that have undone events."""
    rows = await unit.rows(
        select(alias.c.lane_id)
        .join(inbox, (inbox.c.shop_id == alias.c.shop_id) & (inbox.c.address == alias.c.address))
        .where(inbox.c.status == "new")
        .distinct()
    )
    return {str(row.lane_id) for row in rows}


async def joined_lanes(unit: Unit) -> set[str]:
    """Lanes that stepped aside for another one of the same person."""
    rows = await unit.rows(select(lane.c.id).where(lane.c.joined_into.is_not(None)))
    return {str(row.id) for row in rows}
