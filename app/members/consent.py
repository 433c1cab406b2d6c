"""What a person agreed to, and when they took it back."""

from __future__ import annotations

from app.db.unit import Unit
from app.members.contact import Contact
from app.members.store import people as store

MESSAGES = "messages"
MEMBERSHIP = "membership"


async def set_consent(
    unit: Unit, contact: Contact, purpose: str, given: bool, source: str = "chat"
) -> None:
    """Writes down a yes or a no. No `messages` at all: nothing is sent but answers."""
    values = {
        "shop_id": contact.shop_id,
        "contact_id": contact.id,
        "purpose": purpose,
        "given": given,
        "source": source,
        "at": unit.now,
    }
    await store.insert_consent(unit, values)
    if purpose == MESSAGES:
        silenced = None if given else unit.now
        await store.update_lane(unit, contact.shop_id, contact.lane_id, {"opted_out_at": silenced})


async def consents(unit: Unit, shop_id: str, contact_id: str) -> dict[str, bool]:
    """What holds now, by purpose."""
    history = await store.consents_of(unit, shop_id, contact_id)
    return {row.purpose: row.given for row in history}
