"""Addresses a person used: sealed under their own key, shown masked."""

from __future__ import annotations

import msgspec

from app.core.addresses import Address
from app.core.dialog.wants import AddressSaved
from app.core.errors import NotFound
from app.core.ports import Vault
from app.db.unit import Unit
from app.members.contact import ADDRESSES, Contact
from app.members.personal import place_of_key, vault_of
from app.members.store import people as store


class _Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    address: Address
    email: str | None = None


async def save_address(
    unit: Unit, contact: Contact, address: Address, email: str | None, label: str
) -> AddressSaved:
    """Keeps the address for next time, the last three of them. Known already, it comes first."""
    vault = vault_of(unit.vault, contact)
    plain = msgspec.json.encode(address).decode()
    fingerprint = vault.fingerprint("address", plain)
    known = list(await store.addresses_of(unit, contact.shop_id, contact.id))
    same = next((row for row in known if row.fingerprint == fingerprint), None)
    address_id = same.id if same is not None else unit.ids.new("adr", unit.now)
    values = {
        "data": _seal(vault, contact.shop_id, address_id, _Kept(address, email)),
        "label": label,
        "used_at": unit.now,
    }
    if same is not None:
        await store.update_address(unit, address_id, values)
        return AddressSaved(address_id, label, address.country)
    values |= {
        "id": address_id,
        "shop_id": contact.shop_id,
        "contact_id": contact.id,
        "fingerprint": fingerprint,
        "country": address.country,
    }
    await store.insert_address(unit, values)
    old = [row.id for row in known[ADDRESSES - 1 :]]
    if old:
        await store.delete_addresses(unit, old)
    return AddressSaved(address_id, label, address.country)


async def load_address(unit: Unit, shop_id: str, address_id: str) -> tuple[Address, str | None]:
    """The address and the e-mail given with it. Raises `NotFound` when it was forgotten."""
    row = await store.address_with_key(unit, shop_id, address_id)
    if row is None or row.data_key is None:
        raise NotFound("This address is not kept any more.", code="address-gone")
    vault = unit.vault.under(row.data_key, *place_of_key(shop_id, row.contact_id))
    plain = vault.open(row.data, shop_id, "saved_address", "data", address_id)
    kept = msgspec.json.decode(plain, type=_Kept)
    return kept.address, kept.email


async def use_address(unit: Unit, shop_id: str, address_id: str) -> None:
    """The address was chosen again: it is offered first from now on."""
    if await store.address_with_key(unit, shop_id, address_id) is not None:
        await store.update_address(unit, address_id, {"used_at": unit.now})


def _seal(vault: Vault, shop_id: str, address_id: str, kept: _Kept) -> bytes:
    plain = msgspec.json.encode(kept)
    return vault.seal(plain, shop_id, "saved_address", "data", address_id)
