"""Meeting people: who is in a chat, and what the shop knows of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from app.core.catalogue import Membership, Shop
from app.core.dialog.facts import Person, SavedAddress
from app.core.errors import Broken
from app.core.loyalty import standing
from app.db.unit import Unit
from app.members.personal import place_of_key, vault_of
from app.members.store import people as store

ADDRESSES = 3


class Contact(msgspec.Struct, frozen=True):
    """A person on one channel. `data_key` is sealed; None once they were erased."""

    id: str
    shop_id: str
    lane_id: str
    channel: str
    account_id: str
    external_id: str
    handle: str
    language: str | None
    member_id: str | None
    opted_out_at: datetime | None
    last_seen_at: datetime
    data_key: bytes | None = msgspec.field(default=None)


class Met(msgspec.Struct, frozen=True):
    """Who is in a chat: the contact, and the person without their orders."""

    contact: Contact
    person: Person


async def meet(
    unit: Unit,
    shop_id: str,
    lane_id: str,
    channel: str,
    account_id: str,
    external_id: str,
    handle: str = "",
    name: str = "",
) -> Contact:
    """The contact of this platform id; one is made the first time. What is told anew is kept."""
    place = (shop_id, channel, account_id, external_id)
    found = await store.contact_at(unit, *place)
    if found is None:
        values = _new(unit, place, lane_id, handle, name)
        if await store.insert_contact(unit, values):
            return msgspec.convert(values, Contact)
        found = await store.contact_at(unit, *place)
    if found is None:
        raise Broken("A contact was there and is gone.")
    news: dict[str, Any] = {"last_seen_at": unit.now}
    if handle and handle != found.handle:
        news["handle"] = handle
    if name and name != name_of(unit, found):
        news["name"] = _sealed_name(unit, found, name)
    await store.update_contact(unit, found.id, news)
    return _contact(found, **{key: news[key] for key in news if key != "name"})


async def people(unit: Unit, shop: Shop, lane_ids: Collection[str]) -> dict[str, Met]:
    """Who is in these chats: two statements for all. Lanes that nobody is in yet are missing."""
    if not lane_ids:
        return {}
    lanes: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in await store.people(unit, shop.id, lane_ids):
        lanes[row.lane_id].append(row)
    if not lanes:
        return {}
    members = {row.member_id for rows in lanes.values() for row in rows if row.member_id}
    addresses = await store.addresses(unit, shop.id, lanes, members)
    return {lane_id: _met(unit, shop, rows, addresses) for lane_id, rows in lanes.items()}


async def person(unit: Unit, shop: Shop, contact: Contact) -> Person:
    """What the shop knows of this contact, without orders."""
    met = await people(unit, shop, [contact.lane_id])
    return met[contact.lane_id].person


async def contact_by_id(unit: Unit, shop_id: str, contact_id: str) -> Contact | None:
    """The contact of that id."""
    row = await store.contact_row(unit, shop_id, contact_id)
    return None if row is None else _contact(row)


async def set_language(unit: Unit, contact: Contact, language: str) -> None:
    """Remembers the language this person writes."""
    await store.update_contact(unit, contact.id, {"language": language})


def name_of(unit: Unit, row: Row[Any] | Contact) -> str:
    """The name, empty when none is known or the person was erased."""
    sealed = getattr(row, "name", None)
    if sealed is None or row.data_key is None:
        return ""
    vault = vault_of(unit.vault, row)
    return vault.open(sealed, row.shop_id, "contact", "name", row.id).decode()


def _new(
    unit: Unit, place: tuple[str, str, str, str], lane_id: str, handle: str, name: str
) -> dict[str, Any]:
    shop_id, channel, account_id, external_id = place
    contact_id = unit.ids.new("con", unit.now)
    values: dict[str, Any] = {
        "id": contact_id,
        "shop_id": shop_id,
        "lane_id": lane_id,
        "channel": channel,
        "account_id": account_id,
        "external_id": external_id,
        "data_key": unit.vault.new_key(*place_of_key(shop_id, contact_id)),
        "name": None,
        "handle": handle,
        "language": None,
        "member_id": None,
        "opted_out_at": None,
        "last_seen_at": unit.now,
        "created_at": unit.now,
    }
    if name:
        values["name"] = _sealed_name(unit, msgspec.convert(values, Contact), name)
    return values


def _sealed_name(unit: Unit, row: Row[Any] | Contact, name: str) -> bytes | None:
    if row.data_key is None:
        return None
    vault = vault_of(unit.vault, row)
    return vault.seal(name.encode(), row.shop_id, "contact", "name", row.id)


def _contact(row: Row[Any], **news: Any) -> Contact:
    known = {name: row._mapping[name] for name in Contact.__struct_fields__}
    return msgspec.convert(known | news, Contact)


def _met(unit: Unit, shop: Shop, rows: Sequence[Row[Any]], addresses: Sequence[Row[Any]]) -> Met:
    """The contact seen last speaks for the lane; a member is any of its contacts' member."""
    first = rows[0]
    known = next((row for row in rows if row.member_id), first)
    own = [
        row
        for row in addresses
        if row.lane_id == first.lane_id or (row.member_id and row.member_id == known.member_id)
    ]
    return Met(
        _contact(first, member_id=known.member_id),
        Person(
            name=next((name for row in rows if (name := name_of(unit, row))), ""),
            handle=next((row.handle for row in rows if row.handle), ""),
            language=next((row.language for row in rows if row.language), None),
            addresses=_distinct(own),
            points=known.balance or 0,
            tier=_tier(known, shop.membership),
            opted_out=first.opted_out_at is not None,
        ),
    )


def _distinct(rows: Iterable[Row[Any]]) -> tuple[SavedAddress, ...]:
    """The last addresses; one that looks the same is offered once."""
    by_label: dict[str, SavedAddress] = {}
    for row in rows:
        by_label.setdefault(row.label, SavedAddress(row.id, row.label, row.country))
    return tuple(by_label.values())[:ADDRESSES]


def _tier(row: Row[Any], membership: Membership | None) -> str | None:
    if row.member_id is None:
        return None
    tier = standing(row.spent, membership).tier
    return None if tier is None else tier.name
