"""A shop's catalogue and rules at one version, as the pure core reads them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.money import Money

Words = dict[str, str]  # language -> text


class Option(msgspec.Struct, frozen=True):
    """A choice a product offers, such as roast: light or dark; values as the shop wrote them."""

    name: Words
    values: tuple[str, ...]
    labels: dict[str, Words] = {}  # value -> how it is shown, when it differs from the value


class Variant(msgspec.Struct, frozen=True):
    """One thing on the shelf. `price` is in minor units of the shop's currency."""

    id: str
    sku: str
    values: tuple[str, ...]
    price: int
    weight: int = 0
    active: bool = True


class Product(msgspec.Struct, frozen=True):
    """What is sold; variants cover combinations of option values."""

    id: str
    slug: str
    title: Words
    description: Words
    image: str | None
    options: tuple[Option, ...]
    variants: tuple[Variant, ...]


class Campaign(msgspec.Struct, frozen=True):
    """A hashtag that opens a conversation about some products."""

    id: str
    slug: str
    hashtag: str
    product_ids: tuple[str, ...]
    starts: datetime | None = None
    ends: datetime | None = None
    public_reply: Words = {}
    express: bool = False
    active: bool = True


class ShippingRate(msgspec.Struct, frozen=True):
    """A way of delivery. `price` and `free_over` in minor units; no countries = everywhere."""

    id: str
    name: Words
    price: int
    free_over: int | None = None
    countries: tuple[str, ...] = ()


class Tier(msgspec.Struct, frozen=True):
    """A membership level, reached at `threshold` minor units of lifetime spending."""

    name: str
    threshold: int


class Membership(msgspec.Struct, frozen=True):
    """How a shop rewards its regulars. Tiers are ordered by threshold."""

    earn_percent: int = 0
    tiers: tuple[Tier, ...] = ()
    built_in: bool = True


class Shop(msgspec.Struct, frozen=True):
    """A shop's catalogue and rules at one version."""

    id: str
    slug: str
    name: str
    locale: str
    currency: str
    country: str
    timezone: str
    version: int
    products: dict[str, Product] = {}
    campaigns: tuple[Campaign, ...] = ()
    shipping: tuple[ShippingRate, ...] = ()
    payments: tuple[str, ...] = ()
    membership: Membership | None = None
    hold_minutes: int = 15
    max_quantity: int = 20
    ask_email: bool = True
    person_minutes: int = 30  # how soon a person usually answers
    words: dict[str, Words] = {}  # the shop's own wording: language -> catalogue key -> text

    def money(self, amount: int) -> Money:
        """An amount of this shop's currency."""
        return Money(amount, self.currency)
