"""Who and where, sealed into an order and opened again."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Row

from app.core.addresses import Address
from app.core.ports import Vault
from app.db.unit import Unit
from app.members.contact import Contact, contact_by_id
from app.members.personal import vault_of

TABLE = "shop_order"


class Sealed(msgspec.Struct, frozen=True):
    """What an order knows of a person, in the clear."""

    address: Address | None = None
    email: str | None = None


def seal(vault: Vault, contact: Contact, order_id: str, private: Sealed) -> dict[str, bytes | None]:
    """The sealed columns, under the person's own key and bound to their place.

    Raises `Conflict` (`erased`) when there is something to seal and the key is destroyed.
    """
    address = private.address
    plain = {
        "address": msgspec.json.encode(address) if address else b"",
        "email": (private.email or "").encode(),
        "phone": address.phone.encode() if address else b"",
    }
    if not any(plain.values()):
        return dict.fromkeys(plain)
    own = vault_of(vault, contact)
    return {
        column: own.seal(text, contact.shop_id, TABLE, column, order_id) if text else None
        for column, text in plain.items()
    }


async def open_sealed(unit: Unit, shop_id: str, order_id: str, row: Row[Any]) -> Sealed:
    """What the columns say; nothing once the person was erased."""
    contact = await contact_by_id(unit, shop_id, row.contact_id)
    if contact is None or contact.data_key is None:
        return Sealed()
    own = vault_of(unit.vault, contact)
    address = row.address and own.open(row.address, shop_id, TABLE, "address", order_id)
    email = row.email and own.open(row.email, shop_id, TABLE, "email", order_id)
    return Sealed(
        address=msgspec.json.decode(address, type=Address) if address else None,
        email=email.decode() if email else None,
    )
