"""A person as a member of the shop."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from app.core.errors import NotFound
from app.db.unit import Unit
from app.members.contact import Contact
from app.members.store import people as store


async def member_of(unit: Unit, contact: Contact) -> str:
    """The member this contact is; one is made the first time.

    The contacts of one lane are one person on one platform, so they share it.
    """
    rows = await store.contacts_of_lane(unit, contact.shop_id, contact.lane_id, lock=True)
    own = next((row for row in rows if row.id == contact.id), None)
    if own is None:
        raise NotFound("There is no such contact.")
    if own.member_id is not None:
        return str(own.member_id)
    member_id = next((str(row.member_id) for row in rows if row.member_id), None)
    if member_id is None:
        member_id = unit.ids.new("mem", unit.now)
        await store.insert_member(unit, contact.shop_id, member_id, unit.now)
    await store.update_contact(unit, contact.id, {"member_id": member_id})
    return member_id


async def lock_member(unit: Unit, shop_id: str, member_id: str) -> Row[Any]:
    """The member's row, locked: that of the one they went up in, if they did."""
    row = await store.member_row(unit, shop_id, member_id, lock=True)
    if row is None:
        raise NotFound("There is no such member.")
    if row.joined_into is not None:
        return await lock_member(unit, shop_id, row.joined_into)
    return row
