"""The SQL of contacts, addresses, consent and members."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, or_, select, update

from app.db.unit import Unit
from app.members.models import (
    consent,
    contact,
    member,
    member_point,
    points_account,
    saved_address,
)

_PEOPLE = (
    select(contact, member.c.spent, points_account.c.balance)
    .outerjoin(member, member.c.id == contact.c.member_id)
    .outerjoin(
        points_account,
        and_(
            points_account.c.shop_id == contact.c.shop_id,
            points_account.c.side == "member",
            points_account.c.member_id == contact.c.member_id,
        ),
    )
    .where(
        contact.c.shop_id == bindparam("shop"),
        contact.c.lane_id.in_(bindparam("lanes", expanding=True)),
    )
    .order_by(contact.c.last_seen_at.desc(), contact.c.id.desc())
)

_ADDRESSES = (
    select(
        saved_address.c.id,
        saved_address.c.label,
        saved_address.c.country,
        contact.c.lane_id,
        contact.c.member_id,
    )
    .join(contact, contact.c.id == saved_address.c.contact_id)
    .where(
        contact.c.shop_id == bindparam("shop"),
        or_(
            contact.c.lane_id.in_(bindparam("lanes", expanding=True)),
            contact.c.member_id.in_(bindparam("members", expanding=True)),
        ),
    )
    .order_by(saved_address.c.used_at.desc(), saved_address.c.id.desc())
)


async def people(unit: Unit, shop_id: str, lane_ids: Collection[str]) -> Sequence[Row[Any]]:
    """The contacts of these lanes with their points, those seen last first."""
    return await unit.rows(_PEOPLE, {"shop": shop_id, "lanes": sorted(lane_ids)})


async def addresses(
    unit: Unit, shop_id: str, lane_ids: Collection[str], member_ids: Collection[str]
) -> Sequence[Row[Any]]:
    """The addresses of these lanes and members, those used last first."""
    values = {"shop": shop_id, "lanes": sorted(lane_ids), "members": sorted(member_ids)}
    return await unit.rows(_ADDRESSES, values)


# --- contacts ------------------------------------------------------------------------------------


async def insert_contact(unit: Unit, values: Mapping[str, Any]) -> bool:
    keys = ("shop_id", "channel", "account_id", "external_id")
    return await unit.insert_once(contact, values, keys) is not None


async def contact_at(
    unit: Unit, shop_id: str, channel: str, account_id: str, external_id: str
) -> Row[Any] | None:
    query = select(contact).where(
        contact.c.shop_id == shop_id,
        contact.c.channel == channel,
        contact.c.account_id == account_id,
        contact.c.external_id == external_id,
    )
    return await unit.row(query)


async def contact_row(
    unit: Unit, shop_id: str, contact_id: str, *, lock: bool = False
) -> Row[Any] | None:
    query = select(contact).where(contact.c.shop_id == shop_id, contact.c.id == contact_id)
    return await unit.row(query.with_for_update() if lock else query)


async def update_contact(unit: Unit, contact_id: str, values: Mapping[str, Any]) -> int:
    return await unit.run(update(contact).where(contact.c.id == contact_id).values(**values))


async def update_lane(unit: Unit, shop_id: str, lane_id: str, values: Mapping[str, Any]) -> int:
    """The same for every contact of a lane."""
    statement = update(contact).where(contact.c.shop_id == shop_id, contact.c.lane_id == lane_id)
    return await unit.run(statement.values(**values))


async def contacts_of_lane(
    unit: Unit, shop_id: str, lane_id: str, *, lock: bool = False
) -> Sequence[Row[Any]]:
    query = select(contact).where(contact.c.shop_id == shop_id, contact.c.lane_id == lane_id)
    query = query.order_by(contact.c.id)
    return await unit.rows(query.with_for_update() if lock else query)


async def repoint_contacts(unit: Unit, shop_id: str, old: str, new: str) -> int:
    """What belonged to one member belongs to another."""
    points = update(member_point).where(
        member_point.c.shop_id == shop_id, member_point.c.member_id == old
    )
    await unit.run(points.values(member_id=new))
    contacts = update(contact).where(contact.c.shop_id == shop_id, contact.c.member_id == old)
    return await unit.run(contacts.values(member_id=new))


# --- addresses -----------------------------------------------------------------------------------


async def address_with_key(unit: Unit, shop_id: str, address_id: str) -> Row[Any] | None:
    query = (
        select(saved_address, contact.c.data_key)
        .join(contact, contact.c.id == saved_address.c.contact_id)
        .where(saved_address.c.shop_id == shop_id, saved_address.c.id == address_id)
    )
    return await unit.row(query)


async def addresses_of(unit: Unit, shop_id: str, contact_id: str) -> Sequence[Row[Any]]:
    """Those used last first."""
    query = select(saved_address.c.id, saved_address.c.fingerprint).where(
        saved_address.c.shop_id == shop_id, saved_address.c.contact_id == contact_id
    )
    order = (saved_address.c.used_at.desc(), saved_address.c.id.desc())
    return await unit.rows(query.order_by(*order))


async def insert_address(unit: Unit, values: Mapping[str, Any]) -> None:
    await unit.run(saved_address.insert().values(**values))


async def update_address(unit: Unit, address_id: str, values: Mapping[str, Any]) -> int:
    statement = update(saved_address).where(saved_address.c.id == address_id)
    return await unit.run(statement.values(**values))


async def delete_addresses(unit: Unit, ids: Collection[str]) -> int:
    return await unit.run(delete(saved_address).where(saved_address.c.id.in_(sorted(ids))))


# --- consent -------------------------------------------------------------------------------------


async def insert_consent(unit: Unit, values: Mapping[str, Any]) -> None:
    await unit.run(consent.insert().values(**values))


async def consents_of(unit: Unit, shop_id: str, contact_id: str) -> Sequence[Row[Any]]:
    """The whole history, oldest first."""
    query = select(consent).where(consent.c.shop_id == shop_id, consent.c.contact_id == contact_id)
    return await unit.rows(query.order_by(consent.c.id))


# --- members -------------------------------------------------------------------------------------


async def insert_member(unit: Unit, shop_id: str, member_id: str, now: datetime) -> None:
    values = {"id": member_id, "shop_id": shop_id, "spent": 0, "joined_at": now}
    await unit.run(member.insert().values(**values))
    accounts = [
        {"shop_id": shop_id, "side": side, "member_id": member_id, "balance": 0}
        for side in ("member", "owed")
    ]
    await unit.run(points_account.insert(), accounts)


async def member_row(
    unit: Unit, shop_id: str, member_id: str, *, lock: bool = False
) -> Row[Any] | None:
    query = select(member).where(member.c.shop_id == shop_id, member.c.id == member_id)
    return await unit.row(query.with_for_update() if lock else query)


async def update_member(unit: Unit, member_id: str, values: Mapping[str, Any]) -> int:
    return await unit.run(update(member).where(member.c.id == member_id).values(**values))


async def insert_point(unit: Unit, values: Mapping[str, Any]) -> bool:
    keys = ("shop_id", "kind", "fingerprint")
    return await unit.insert_once(member_point, values, keys) is not None


async def point_at(unit: Unit, shop_id: str, kind: str, fingerprint: str) -> Row[Any] | None:
    query = select(member_point).where(
        member_point.c.shop_id == shop_id,
        member_point.c.kind == kind,
        member_point.c.fingerprint == fingerprint,
    )
    return await unit.row(query.with_for_update())


async def delete_points(unit: Unit, shop_id: str, contact_id: str) -> int:
    statement = delete(member_point).where(
        member_point.c.shop_id == shop_id, member_point.c.contact_id == contact_id
    )
    return await unit.run(statement)
