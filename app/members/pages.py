"""Members page by page, and one with its people and its points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, select

from app.core.errors import NotFound
from app.db.unit import Unit
from app.members.contact import name_of
from app.members.models import contact, member, points_account, points_entry, points_transaction


class ContactRow(msgspec.Struct, frozen=True):
    """A person on one channel; the name is empty once they were erased."""

    id: str
    lane_id: str
    channel: str
    handle: str
    name: str
    language: str | None
    member_id: str | None
    opted_out_at: datetime | None
    last_seen_at: datetime


class MemberRow(msgspec.Struct, frozen=True):
    """A person to the shop. `owed` points were spent before they were taken back."""

    id: str
    spent: int
    points: int
    owed: int
    joined_at: datetime
    contacts: tuple[ContactRow, ...] = ()


class EntryRow(msgspec.Struct, frozen=True):
    """One side of a booking of points."""

    side: str
    amount: int


class BookingRow(msgspec.Struct, frozen=True):
    """Points that moved, and for which order. Its entries sum to zero."""

    id: str
    kind: str
    order_id: str
    points: int
    spent: int
    at: datetime
    entries: tuple[EntryRow, ...] = ()


async def page_of_members(
    unit: Unit, shop_id: str, after: str | None, limit: int
) -> list[MemberRow]:
    """At most `limit` members, the youngest first; who went up in another is missing."""
    query = select(member).where(member.c.shop_id == shop_id, member.c.joined_into.is_(None))
    if after is not None:
        query = query.where(member.c.id < after)
    rows = await unit.rows(query.order_by(member.c.id.desc()).limit(limit))
    return await _members(unit, shop_id, rows)


async def member_by_id(unit: Unit, shop_id: str, member_id: str) -> MemberRow:
    """The member, or the one they went up in. Raises `NotFound`."""
    known: str | None = member_id
    while known is not None:
        query = select(member).where(member.c.shop_id == shop_id, member.c.id == known)
        row = await unit.row(query)
        if row is None:
            break
        if row.joined_into is None:
            return (await _members(unit, shop_id, [row]))[0]
        known = row.joined_into
    raise NotFound("The shop has no such member.", code="no-member")


async def page_of_bookings(
    unit: Unit, shop_id: str, member_id: str, after: str | None, limit: int
) -> list[BookingRow]:
    """The points of a member, the last booking first."""
    query = select(points_transaction).where(
        points_transaction.c.shop_id == shop_id, points_transaction.c.member_id == member_id
    )
    if after is not None:
        query = query.where(points_transaction.c.id < after)
    rows = await unit.rows(query.order_by(points_transaction.c.id.desc()).limit(limit))
    entries: defaultdict[str, list[EntryRow]] = defaultdict(list)
    booked = select(points_entry).where(
        points_entry.c.shop_id == shop_id,
        points_entry.c.transaction_id.in_([row.id for row in rows]),
    )
    for entry in await unit.rows(booked.order_by(points_entry.c.id)):
        entries[entry.transaction_id].append(EntryRow(entry.side, entry.amount))
    return [
        BookingRow(
            row.id, row.kind, row.order_id, row.points, row.spent, row.at, tuple(entries[row.id])
        )
        for row in rows
    ]


async def contacts_by_id(
    unit: Unit, shop_id: str, contact_ids: Collection[str]
) -> dict[str, ContactRow]:
    """These contacts."""
    query = select(contact).where(
        contact.c.shop_id == shop_id, contact.c.id.in_(sorted(set(contact_ids)))
    )
    return {row.id: _contact(unit, row) for row in await unit.rows(query)}


async def contacts_in(unit: Unit, shop_id: str, lane_ids: Collection[str]) -> dict[str, ContactRow]:
    """Who is in these lanes: of several, the one seen last."""
    query = select(contact).where(
        contact.c.shop_id == shop_id, contact.c.lane_id.in_(sorted(set(lane_ids)))
    )
    rows = await unit.rows(query.order_by(contact.c.last_seen_at, contact.c.id))
    return {row.lane_id: _contact(unit, row) for row in rows}


async def _members(unit: Unit, shop_id: str, rows: Sequence[Row[Any]]) -> list[MemberRow]:
    ids = [row.id for row in rows]
    people: defaultdict[str, list[ContactRow]] = defaultdict(list)
    met = select(contact).where(contact.c.shop_id == shop_id, contact.c.member_id.in_(ids))
    for row in await unit.rows(met.order_by(contact.c.id)):
        people[row.member_id].append(_contact(unit, row))
    balances: defaultdict[str, dict[str, int]] = defaultdict(dict)
    accounts = select(points_account).where(
        points_account.c.shop_id == shop_id, points_account.c.member_id.in_(ids)
    )
    for row in await unit.rows(accounts):
        balances[row.member_id][row.side] = row.balance
    return [
        MemberRow(
            id=row.id,
            spent=row.spent,
            points=balances[row.id].get("member", 0),
            owed=-balances[row.id].get("owed", 0),
            joined_at=row.joined_at,
            contacts=tuple(people[row.id]),
        )
        for row in rows
    ]


def _contact(unit: Unit, row: Row[Any]) -> ContactRow:
    names = [name for name in ContactRow.__struct_fields__ if name != "name"]
    return ContactRow(name=name_of(unit, row), **{name: row._mapping[name] for name in names})
