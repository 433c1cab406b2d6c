"""Links out of a chat: the payment page and the address form. A GET of one changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, update

from app.conversations.models import link
from app.core.errors import NotFound
from app.db.unit import Unit


class Link(msgspec.Struct, frozen=True):
    """A link as its page needs it. `body` was fixed when the link was made."""

    id: str
    shop_id: str
    lane_id: str
    purpose: str
    cart_version: int
    body: dict[str, Any]
    expires_at: datetime
    voided: bool
    inbox_id: int | None


async def open_link(
    unit: Unit,
    shop_id: str,
    lane_id: str,
    purpose: str,
    body: dict[str, Any],
    expires_at: datetime,
    cart_version: int = 0,
) -> str:
    """Makes a link and voids the chat's older ones of that purpose; its signed token."""
    await unit.run(
        update(link)
        .where(
            link.c.shop_id == shop_id,
            link.c.lane_id == lane_id,
            link.c.purpose == purpose,
            link.c.voided_at.is_(None),
        )
        .values(voided_at=unit.now)
    )
    link_id = unit.ids.new("lnk", unit.now)
    await unit.run(
        link.insert().values(
            id=link_id,
            shop_id=shop_id,
            lane_id=lane_id,
            purpose=purpose,
            cart_version=cart_version,
            body=body,
            expires_at=expires_at,
            created_at=unit.now,
        )
    )
    return unit.vault.sign(f"link:{purpose}", link_id)


async def link_of(unit: Unit, purpose: str, token: str) -> Link:
    """The link of a token; raises `NotFound` when it is not ours. It may be expired or voided."""
    link_id = unit.vault.unsign(f"link:{purpose}", token)
    row = None
    if link_id is not None:
        row = await unit.row(select(link).where(link.c.id == link_id))
    if row is None:
        raise NotFound("This link is not one of ours. Please use the newest one in your chat.")
    return Link(
        row.id, row.shop_id, row.lane_id, row.purpose, row.cart_version, row.body, row.expires_at,
        row.voided_at is not None, row.inbox_id,
    )  # fmt: skip


async def used(unit: Unit, link_id: str, inbox_id: int) -> None:
    """Remembers which event the link's form became, for its page to follow."""
    await unit.run(update(link).where(link.c.id == link_id).values(inbox_id=inbox_id))
