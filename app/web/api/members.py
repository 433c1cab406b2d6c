"""Members: people who come again, with their points and their orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app.core.catalogue import Membership
from app.core.loyalty import standing
from app.db.unit import Unit
from app.members.pages import MemberRow, member_by_id, page_of_bookings, page_of_members
from app.merchants.read import shop_by_id
from app.orders.order import Filter, Order
from app.orders.read import list_orders
from app.web.api.answers import listed
from app.web.api.caller import Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.shapes import Moment, MoneyOut, OneId, Out, Page

endpoints = Endpoints("members")
LIST = "members"
SHOWN = 50  # bookings and orders shown with a member

Id = Annotated[OneId, Path(examples=["mem_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]


class ContactOut(Out):
    """The member on one channel."""

    id: str = Field(examples=["con_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    lane_id: str = Field(
        serialization_alias="conversation_id", examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"]
    )
    channel: str = Field(examples=["instagram"])
    handle: str = Field(examples=["mina.k"])
    name: str = Field(examples=["Mina"])
    language: str | None = Field(examples=["ko"])
    opted_out_at: datetime | None = Field(examples=[None])
    last_seen_at: Moment


class MemberRowOut(Out):
    """A member. `owed` points were spent before a refund took them back."""

    id: str = Field(examples=["mem_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    points: int = Field(examples=[540])
    owed: int = Field(examples=[0])
    spent: int = Field(description="Lifetime, minor units.", examples=[54000])
    tier: str | None = Field(examples=["green"])
    joined_at: Moment
    contacts: list[ContactOut]


class MemberPage(Page[MemberRowOut]):
    """Some members, the youngest first."""


class EntryOut(Out):
    """One side of a booking."""

    side: str = Field(description="member | owed | shop", examples=["member"])
    amount: int = Field(examples=[360])


class BookingOut(Out):
    """Points that moved for an order. The entries sum to zero."""

    id: str = Field(examples=["ptx_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    kind: str = Field(description="earn | take-back | join", examples=["earn"])
    order_id: str = Field(examples=["ord_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    points: int = Field(examples=[360])
    at: Moment
    entries: list[EntryOut]


class BoughtOut(Out):
    """An order of the member, by its number and state."""

    id: str = Field(examples=["ord_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    number: str = Field(examples=["4K-219"])
    state: str = Field(examples=["paid"])
    total: MoneyOut
    placed_at: Moment


class MemberOut(MemberRowOut):
    """A member whole: the last bookings and orders, the newest first."""

    bookings: list[BookingOut]
    orders: list[BoughtOut]


@endpoints.get("/members", MemberPage, "members:read")
async def list_members(caller: Calling, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The shop's members, the youngest first."""
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        rows = await page_of_members(unit, caller.shop_id, after, limit + 1)
        rules = await _rules(unit, caller.shop_id)

    def shown(row: MemberRow) -> MemberRowOut:
        return _row(row, rules)

    return listed(caller, LIST, MemberPage, shown, rows, limit)


@endpoints.get("/members/{member_id}", MemberOut, "members:read")
async def get_member(caller: Calling, member_id: Id) -> Response:
    """One member with points and orders. Of one that went up in another, that other."""
    async with caller.read() as unit:
        row = await member_by_id(unit, caller.shop_id, member_id)
        rules = await _rules(unit, caller.shop_id)
        bookings = await page_of_bookings(unit, caller.shop_id, row.id, None, SHOWN)
        mine = Filter(member_id=row.id)
        orders = (await list_orders(unit, caller.shop_id, mine, limit=SHOWN)).items
    known = _row(row, rules)
    shown = MemberOut(
        **{name: getattr(known, name) for name in MemberRowOut.model_fields},
        bookings=[BookingOut.model_validate(one) for one in bookings],
        orders=[_bought(one) for one in orders],
    )
    return caller.show(shown)


async def _rules(unit: Unit, shop_id: str) -> Membership | None:
    shop = await shop_by_id(unit, shop_id)
    return None if shop is None else shop.settings.membership


def _row(row: MemberRow, rules: Membership | None) -> MemberRowOut:
    tier = standing(row.spent, rules).tier
    return MemberRowOut(
        id=row.id, points=row.points, owed=row.owed, spent=row.spent,
        tier=None if tier is None else tier.name, joined_at=row.joined_at,
        contacts=[ContactOut.model_validate(one) for one in row.contacts],
    )  # fmt: skip


def _bought(order: Order) -> BoughtOut:
    total = MoneyOut(amount=order.total.amount, currency=order.total.currency)
    return BoughtOut(
        id=order.id, number=order.number, state=order.state, total=total, placed_at=order.placed_at
    )
