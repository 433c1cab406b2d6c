"""Booking points: what one side gets another gives, so that all entries sum to zero."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.core.errors import Broken
from app.db.unit import Unit
from app.members.store import points as store

Account = tuple[str, str]  # (side, member id); the shop's own is ("shop", "")

SHOP: Account = ("shop", "")


class Booking(msgspec.Struct, frozen=True):
    """Why points move. `spent` is what it does to the member's lifetime spending."""

    kind: str
    order_id: str
    member_id: str
    points: int
    spent: int


async def book(unit: Unit, shop_id: str, booking: Booking, entries: Mapping[Account, int]) -> bool:
    """Writes the transaction and moves the balances; False when it was booked before.

    The members' rows are locked by the caller.
    """
    if sum(entries.values()) != 0:
        raise Broken(f"The entries of {booking.kind} {booking.order_id} do not sum to zero.")
    transaction_id = unit.ids.new("ptx", unit.now)
    values = {
        "id": transaction_id,
        "shop_id": shop_id,
        "kind": booking.kind,
        "order_id": booking.order_id,
        "member_id": booking.member_id,
        "points": booking.points,
        "spent": booking.spent,
        "at": unit.now,
    }
    if not await store.insert_transaction(unit, values):
        return False
    rows = [
        {
            "shop_id": shop_id,
            "transaction_id": transaction_id,
            "side": side,
            "member_id": member_id,
            "amount": amount,
        }
        for (side, member_id), amount in entries.items()
        if amount != 0
    ]
    if rows:
        await store.insert_entries(unit, rows)
    for row in rows:
        if row["side"] == "shop":
            continue
        account = (str(row["side"]), str(row["member_id"]))
        if await store.add_to_balance(unit, shop_id, *account, entries[account]) != 1:
            raise Broken(f"The points account {account} is missing.")
    return True
