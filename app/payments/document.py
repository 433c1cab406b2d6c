"""The JSON document of docs/membership.md: what a membership store outside is told of an order."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.core.catalogue import Shop
from app.core.money import Money
from app.orders.order import Order

VERSION = 1
EventType = Literal["order.paid", "order.refunded"]


class ShopPart(msgspec.Struct, frozen=True):
    """Which shop."""

    slug: str
    name: str


class LinePart(msgspec.Struct, frozen=True):
    """One explained amount, in minor units."""

    kind: str
    sku: str
    name: str
    quantity: int
    unit: int
    amount: int


class OrderPart(msgspec.Struct, frozen=True):
    """The order as it was when the event happened."""

    id: str
    number: str
    state: str
    placed_at: datetime
    paid_at: datetime | None
    total: Money
    lines: tuple[LinePart, ...]
    country: str


class MemberPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """The member of the built-in store, with what this order did to its points."""

    id: str
    points_earned: int | None = None
    points_balance: int | None = None
    tier: str | None = None


class ContactPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who bought. Name, e-mail and phone only as far as the shopper agreed."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class RefundPart(msgspec.Struct, frozen=True):
    """What goes back, and why."""

    amount: Money
    reason: str


class Data(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the event is about."""

    shop: ShopPart
    order: OrderPart
    contact: ContactPart
    member: MemberPart | None = None
    refund: RefundPart | None = None


class Document(msgspec.Struct, frozen=True):
    """The whole document. `id` is the same over all retries; `order.id` is the key of effect."""

    id: str
    type: EventType
    version: int
    timestamp: datetime
    data: Data


def document(
    shop: Shop,
    order: Order,
    *,
    kind: EventType,
    at: datetime,
    contact: ContactPart,
    member: MemberPart | None,
    refund: RefundPart | None = None,
) -> Document:
    """The document of one event of an order."""
    lines = tuple(
        LinePart(
            line.kind,
            line.sku,
            line.words.get(shop.locale) or line.text(order.language),
            line.quantity,
            line.unit,
            line.amount,
        )
        for line in order.lines
    )
    told = OrderPart(
        id=order.id,
        number=order.number,
        state=order.state,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        total=order.total,
        lines=lines,
        country=order.country,
    )
    data = Data(ShopPart(shop.slug, shop.name), told, contact, member, refund)
    return Document(event_id(order.id, kind), kind, VERSION, at, data)


def event_id(order_id: str, kind: EventType) -> str:
    """The id of an event: made of what it is about, so that no two tellings differ."""
    return f"{order_id}.{kind.partition('.')[2]}"
