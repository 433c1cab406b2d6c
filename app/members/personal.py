"""The vault of one person: what it seals is gone once their key is destroyed."""

from __future__ import annotations

from typing import Protocol

from app.core.errors import Conflict
from app.core.ports import Vault


class Keyed(Protocol):
    """Somebody with a data key: a contact, or its row."""

    @property
    def id(self) -> str: ...

    @property
    def shop_id(self) -> str: ...

    @property
    def data_key(self) -> bytes | None: ...


def place_of_key(shop_id: str, contact_id: str) -> tuple[str, ...]:
    """Where a contact's data key is stored: what it is sealed to."""
    return shop_id, "contact", "data_key", contact_id


def vault_of(vault: Vault, person: Keyed) -> Vault:
    """The vault of this person's own key. Raises `Conflict` when they were erased."""
    if person.data_key is None:
        raise Conflict("This person's data was erased.", code="erased")
    return vault.under(person.data_key, *place_of_key(person.shop_id, person.id))
