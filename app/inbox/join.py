"""Two addresses proved to be one person: their lanes become one while both are held."""

from __future__ import annotations

from sqlalchemy import select, update

from app.db.unit import Unit
from app.inbox.models import alias, lane


async def join_lanes(unit: Unit, shop_id: str, gone: str, kept: str) -> None:
    """Repoints every address of `gone` at `kept`; inbox rows never move. Both are locked."""
    await unit.run(
        update(alias)
        .where(alias.c.shop_id == shop_id, alias.c.lane_id == gone)
        .values(lane_id=kept)
    )
    await unit.run(update(lane).where(lane.c.id == gone).values(joined_into=kept))
    unit.ring("inbox")


async def lane_with_token(unit: Unit, shop_id: str, token: str) -> str | None:
    """The lane that a button names, following joins; None when the token is not ours."""
    row = await unit.row(
        select(lane.c.id, lane.c.joined_into).where(
            lane.c.shop_id == shop_id, lane.c.token == token
        )
    )
    while row is not None and row.joined_into is not None:
        row = await unit.row(
            select(lane.c.id, lane.c.joined_into).where(lane.c.id == row.joined_into)
        )
    return None if row is None else str(row.id)
