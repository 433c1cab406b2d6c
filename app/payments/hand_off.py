"""Telling the membership stores outside: one row for each (order, store, kind of event)."""

from __future__ import annotations

import msgspec

from app.core.catalogue import Shop
from app.core.money import Money
from app.core.outbound import HandOff
from app.db.unit import Unit
from app.members.consent import MEMBERSHIP, consents
from app.members.earn import Earned
from app.merchants.read import AccountRow, accounts_of
from app.orders.order import Order
from app.orders.read import sealed_of
from app.outbox.enqueue import Route, enqueue
from app.payments import store
from app.payments.document import (
    ContactPart,
    Document,
    MemberPart,
    RefundPart,
    document,
    event_id,
)

CHANNEL = "store:"


async def targets_of(unit: Unit, shop_id: str) -> tuple[str, ...]:
    """The accounts (ids) of the membership stores that a shop tells of its orders."""
    return tuple(one.id for one in await _stores(unit, shop_id))


async def hand_off_paid(
    unit: Unit, shop: Shop, order: Order, targets: tuple[str, ...], earned: Earned | None
) -> None:
    """Tells the stores of a paid order, in the transaction that made it paid."""
    if not targets:
        return
    member = None
    if order.member_id is not None:
        member = MemberPart(
            order.member_id,
            earned.points if earned else None,
            earned.balance if earned else None,
            earned.tier if earned else None,
        )
    told = document(
        shop,
        order,
        kind="order.paid",
        at=unit.now,
        contact=await _contact(unit, order),
        member=member,
    )
    await _tell(unit, shop.id, order, targets, told)


async def hand_off_refunded(
    unit: Unit, shop: Shop, order: Order, money: Money, reason: str
) -> None:
    """Tells those stores of a refund that were told of the payment."""
    completed = await store.completion_of(unit, shop.id, order.id)
    if completed is None or not completed.targets:
        return
    told = document(
        shop,
        order,
        kind="order.refunded",
        at=unit.now,
        contact=await _contact(unit, order),
        member=MemberPart(order.member_id) if order.member_id else None,
        refund=RefundPart(money, reason),
    )
    await _tell(unit, shop.id, order, tuple(completed.targets), told)


async def _tell(
    unit: Unit, shop_id: str, order: Order, targets: tuple[str, ...], told: Document
) -> None:
    accounts = {one.id: one for one in await _stores(unit, shop_id)}
    body = msgspec.json.encode(told).decode()
    for target in targets:
        account = accounts.get(target)
        if account is None:  # the shop has taken the store away: there is nobody to tell
            continue
        key = f"hand-off:{told.id}:{target}"
        values = {
            "shop_id": shop_id,
            "order_id": order.id,
            "target": target,
            "event_type": told.type,
            "event_id": told.id,
            "outbox_key": key,
            "at": unit.now,
        }
        if not await store.add_hand_off(unit, values):
            continue
        route = Route(shop_id, f"store:{order.id}:{target}", account.channel, target)
        job = HandOff(event_id(order.id, told.type), told.type, order.id, target, body)
        await enqueue(unit, route, job, key=key, purpose="hand-off")


async def _stores(unit: Unit, shop_id: str) -> list[AccountRow]:
    accounts = await accounts_of(unit, shop_id)
    return [one for one in accounts if one.channel.startswith(CHANNEL)]


async def _contact(unit: Unit, order: Order) -> ContactPart:
    """Who bought: name, e-mail and phone only where the shopper agreed to be a member."""
    agreed = await consents(unit, order.shop_id, order.contact_id)
    if not agreed.get(MEMBERSHIP):
        return ContactPart(order.contact_id)
    private = await sealed_of(unit, order.shop_id, order.id)
    address = private.address
    return ContactPart(
        order.contact_id,
        name=address.name if address else None,
        email=private.email,
        phone=(address.phone or None) if address else None,
    )
