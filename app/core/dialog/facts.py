"""What the dialog is told about the world. Facts are advisory: only a verb's result decides."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.addresses import Address
from app.core.catalogue import (
    Campaign,
    Membership,
    Option,
    Product,
    ShippingRate,
    Shop,
    Tier,
    Variant,
    Words,
)
from app.core.money import Money
from app.core.outbound import Limits

__all__ = [
    "Campaign",
    "Facts",
    "FreshAddress",
    "KnownOrder",
    "Membership",
    "Option",
    "Person",
    "Product",
    "SavedAddress",
    "ShippingRate",
    "Shop",
    "Tier",
    "Variant",
    "Words",
]


class SavedAddress(msgspec.Struct, frozen=True):
    """An address this person used before. `label` is its masked form, safe to show in a chat."""

    id: str
    label: str
    country: str


class KnownOrder(msgspec.Struct, frozen=True):
    """An order of this person, newest first in `Person.orders`."""

    id: str
    number: str
    state: str
    total: Money
    placed_at: datetime
    lines: tuple[str, ...] = ()
    carrier: str = ""
    tracking: str = ""
    tracking_url: str | None = None


class Person(msgspec.Struct, frozen=True):
    """What the shop knows of the person in this chat."""

    name: str = ""
    handle: str = ""  # the platform's @name, for a public reply only
    language: str | None = None
    addresses: tuple[SavedAddress, ...] = ()
    orders: tuple[KnownOrder, ...] = ()
    points: int = 0
    tier: str | None = None
    opted_out: bool = False


class Facts(msgspec.Struct, frozen=True):
    """Everything a step may know. `stock` is what is free to hold now, by variant id."""

    now: datetime
    seed: int
    shop: Shop
    person: Person
    limits: Limits
    channel: str
    chat_token: str = ""  # unguessable name of this chat; button tokens: `<chat_token>.<step>.<n>`
    stock: dict[str, int] = {}


class FreshAddress(msgspec.Struct, frozen=True):
    """An address given in this conversation, with its masked form."""

    address: Address
    label: str
