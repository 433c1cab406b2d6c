"""One member over several channels: only by a verified phone or e-mail, and only by consent."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
from sqlalchemy import Row

from app.core.errors import Rejected
from app.db.unit import Unit
from app.members.consent import MEMBERSHIP, consents
from app.members.contact import Contact
from app.members.ledger import Booking, book
from app.members.member import lock_member, member_of
from app.members.store import people as store
from app.members.store import points

# Who may say that a phone or e-mail is really this person's. What was merely typed proves nothing.
PROOFS = frozenset({"code", "platform", "payment"})

_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Verified(msgspec.Struct, frozen=True):
    """Who this contact is now. `why` says what kept it from being joined or written down."""

    member_id: str | None
    joined: bool = False
    why: Literal["", "no-consent"] = ""


async def verify_point(
    unit: Unit, contact: Contact, kind: Literal["phone", "email"], value: str, how: str
) -> Verified:
    """Notes that this phone (E.164) or e-mail was proved to be this contact's.

    When it is another member's too, and both agreed to membership, the two become one: the one who
    joined later goes up in the other with points and spending.
    """
    if how not in PROOFS:
        raise Rejected(f"A point is verified by one of {', '.join(sorted(PROOFS))}.", code="proof")
    value = _plain(kind, value)
    if not await _agreed(unit, contact.shop_id, contact.id):
        return Verified(contact.member_id, why="no-consent")
    mine = await member_of(unit, contact)
    fingerprint = unit.vault.fingerprint(f"{contact.shop_id} {kind}", value)
    values = {
        "id": unit.ids.new("mpt", unit.now),
        "shop_id": contact.shop_id,
        "kind": kind,
        "fingerprint": fingerprint,
        "member_id": mine,
        "contact_id": contact.id,
        "how": how,
        "verified_at": unit.now,
    }
    if await store.insert_point(unit, values):
        return Verified(mine)
    known = await store.point_at(unit, contact.shop_id, kind, fingerprint)
    if known is None or known.member_id == mine:
        return Verified(mine)
    if not await _agreed(unit, contact.shop_id, known.contact_id):
        return Verified(mine, why="no-consent")
    return Verified(await _join(unit, contact.shop_id, mine, known.member_id), joined=True)


async def _agreed(unit: Unit, shop_id: str, contact_id: str) -> bool:
    return (await consents(unit, shop_id, contact_id)).get(MEMBERSHIP, False)


async def _join(unit: Unit, shop_id: str, one: str, other: str) -> str:
    """Makes one member of two; the id of the one that stays."""
    rows = [await lock_member(unit, shop_id, each) for each in sorted((one, other))]
    kept, gone = sorted(rows, key=lambda row: (row.joined_at, row.id))
    if kept.id == gone.id:
        return str(kept.id)
    await _move_points(unit, shop_id, gone, kept)
    await store.update_member(unit, kept.id, {"spent": kept.spent + gone.spent})
    await store.update_member(unit, gone.id, {"spent": 0, "joined_into": kept.id})
    await store.repoint_contacts(unit, shop_id, gone.id, kept.id)
    return str(kept.id)


async def _move_points(unit: Unit, shop_id: str, gone: Row[Any], kept: Row[Any]) -> None:
    """All of one member's points to the other; what either owes is netted at once."""
    old = await points.balances(unit, shop_id, gone.id)
    new = await points.balances(unit, shop_id, kept.id)
    has, owes = old["member"] + new["member"], -(old["owed"] + new["owed"])
    netted = min(has, owes)
    entries = {
        ("member", gone.id): -old["member"],
        ("owed", gone.id): -old["owed"],
        ("member", kept.id): has - netted - new["member"],
        ("owed", kept.id): netted - owes - new["owed"],
    }
    booking = Booking("join", gone.id, kept.id, old["member"], gone.spent)
    await book(unit, shop_id, booking, entries)


def _plain(kind: str, value: str) -> str:
    value = value.strip()
    if kind == "phone" and _PHONE.fullmatch(value):
        return value
    if kind == "email" and _EMAIL.fullmatch(value):
        return value.casefold()
    raise Rejected("A phone is written +821012345678, an e-mail name@example.com.", code="point")
