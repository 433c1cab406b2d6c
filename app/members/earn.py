"""Points and tiers: given for what was paid, taken back when it is given back."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Row

from app.core.catalogue import Shop
from app.core.errors import Rejected
from app.core.loyalty import points_earned, standing
from app.core.money import Money
from app.db.unit import Unit
from app.members.ledger import SHOP, Booking, book
from app.members.member import lock_member
from app.members.store import people, points

EARN = "earn"
TAKE_BACK = "take-back"


class Earned(msgspec.Struct, frozen=True):
    """What an order brought (or took: `points` below zero), and where the member stands now."""

    points: int
    balance: int
    tier: str | None
    next_tier: str | None
    to_next_tier: Money | None


async def earn(unit: Unit, shop: Shop, member_id: str, order_id: str, money: Money) -> Earned:
    """Points for an order paid with `money`, once. What is owed from before is netted first."""
    if money.currency != shop.currency:
        raise Rejected(f"{shop.slug} reckons in {shop.currency}.", code="currency")
    member = await lock_member(unit, shop.id, member_id)
    before = await points.transaction(unit, shop.id, EARN, order_id)
    if before is not None:
        return await _stand(unit, shop, member, before.points)
    gained = points_earned(money.amount, shop.membership)
    spent = max(0, money.amount)
    owed = -(await points.balances(unit, shop.id, member.id))["owed"]
    netted = min(gained, owed)
    entries = {
        SHOP: -gained,
        ("owed", member.id): netted,
        ("member", member.id): gained - netted,
    }
    await book(unit, shop.id, Booking(EARN, order_id, member.id, gained, spent), entries)
    return await _spend(unit, shop, member, spent, gained)


async def take_back(unit: Unit, shop: Shop, member_id: str, order_id: str) -> Earned:
    """Undoes what the order brought, once. Points that are spent already become owed."""
    member = await lock_member(unit, shop.id, member_id)
    given = await points.transaction(unit, shop.id, EARN, order_id)
    done = await points.transaction(unit, shop.id, TAKE_BACK, order_id)
    if given is None or done is not None:
        return await _stand(unit, shop, member, 0 if done is None else done.points)
    balance = (await points.balances(unit, shop.id, member.id))["member"]
    taken = min(given.points, balance)
    entries = {
        SHOP: given.points,
        ("owed", member.id): taken - given.points,
        ("member", member.id): -taken,
    }
    booking = Booking(TAKE_BACK, order_id, member.id, -given.points, -given.spent)
    await book(unit, shop.id, booking, entries)
    return await _spend(unit, shop, member, -given.spent, -given.points)


async def _spend(unit: Unit, shop: Shop, member: Row[Any], spent: int, moved: int) -> Earned:
    """Adds to lifetime spending; where that leaves the member. `moved` points went with it."""
    await people.update_member(unit, member.id, {"spent": member.spent + spent})
    return await _stand(unit, shop, member, moved, member.spent + spent)


async def _stand(
    unit: Unit, shop: Shop, member: Row[Any], moved: int, spent: int | None = None
) -> Earned:
    """Where the member stands, with that lifetime spending."""
    reached = standing(member.spent if spent is None else spent, shop.membership)
    balance = (await points.balances(unit, shop.id, member.id))["member"]
    return Earned(
        points=moved,
        balance=balance,
        tier=reached.tier.name if reached.tier else None,
        next_tier=reached.next_tier.name if reached.next_tier else None,
        to_next_tier=None if reached.to_next is None else shop.money(reached.to_next),
    )
