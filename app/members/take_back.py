"""Points and tiers go when the money goes back."""

from __future__ import annotations

from app.core.catalogue import Shop
from app.db.unit import Unit
from app.members.earn import EARN, Earned, spend, stand
from app.members.ledger import SHOP, Booking, book
from app.members.member import lock_member
from app.members.store import points

TAKE_BACK = "take-back"


async def take_back(unit: Unit, shop: Shop, member_id: str, order_id: str) -> Earned:
    """Undoes what the order brought, once. Points that are spent already become owed."""
    member = await lock_member(unit, shop.id, member_id)
    given = await points.transaction(unit, shop.id, EARN, order_id)
    done = await points.transaction(unit, shop.id, TAKE_BACK, order_id)
    if given is None or done is not None:
        return await stand(unit, shop, member, 0 if done is None else done.points)
    balance = (await points.balances(unit, shop.id, member.id))["member"]
    taken = min(given.points, balance)
    entries = {
        SHOP: given.points,
        ("owed", member.id): taken - given.points,
        ("member", member.id): -taken,
    }
    booking = Booking(TAKE_BACK, order_id, member.id, -given.points, -given.spent)
    await book(unit, shop.id, booking, entries)
    return await spend(unit, shop, member, -given.spent, -given.points)
