"""Forgetting a person: destroying the key that opens what was personal."""

from __future__ import annotations

from app.db.unit import Unit
from app.members.contact import Contact
from app.members.store import people as store


async def erase(unit: Unit, contact: Contact) -> None:
    """Nothing sealed under this contact's key can be read again (but for backups from before).

    Their platform id goes as well, so that who writes again is a new person. Ledgers and consents
    stay: they name ids only.
    """
    rows = await store.addresses_of(unit, contact.shop_id, contact.id)
    if rows:
        await store.delete_addresses(unit, [row.id for row in rows])
    await store.delete_points(unit, contact.shop_id, contact.id)
    values = {
        "data_key": None,
        "name": None,
        "handle": "",
        "external_id": f"erased:{contact.id}",
        "erased_at": unit.now,
    }
    await store.update_contact(unit, contact.id, values)
