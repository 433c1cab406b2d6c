"""An order as the slices above, the pages and the dialog see it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.dialog.facts import Words
from app.core.money import Money
from app.core.ordering import OrderState


class Line(msgspec.Struct, frozen=True):
    """One explained amount. `unit` and `amount` are minor units; a discount's are below zero.

    `words` says by language what it is, as it was called when the order was placed.
    """

    kind: str  # item | shipping | discount
    quantity: int
    unit: int
    amount: int
    words: Words
    variant_id: str | None = None
    sku: str = ""

    def text(self, language: str) -> str:
        """What it is, in that language or the nearest there is: `Moon mug (black) × 2`."""
        named = self.words.get(language) or next(iter(self.words.values()), self.sku)
        return f"{named} × {self.quantity}" if self.kind == "item" else named


class Order(msgspec.Struct, frozen=True):
    """An order with its lines, without what is sealed."""

    id: str
    shop_id: str
    number: str
    lane_id: str
    contact_id: str
    member_id: str | None
    cart_version: int
    state: OrderState
    total: Money
    language: str
    provider: str
    country: str
    address_label: str
    pay_until: datetime
    placed_at: datetime
    changed_at: datetime
    paid_at: datetime | None
    lines: tuple[Line, ...] = ()

    @property
    def items(self) -> tuple[Line, ...]:
        """The lines that are goods."""
        return tuple(line for line in self.lines if line.kind == "item")

    @property
    def goods(self) -> Money:
        """What the goods alone cost, after discounts: what points are reckoned on."""
        amount = sum(line.amount for line in self.lines if line.kind != "shipping")
        return Money(amount, self.total.currency)

    @property
    def pieces(self) -> tuple[tuple[str, int], ...]:
        """(variant id, quantity) of the goods, as stock is reckoned."""
        return tuple((line.variant_id or "", line.quantity) for line in self.items)

    @property
    def texts(self) -> tuple[str, ...]:
        """The goods in the shopper's language."""
        return tuple(line.text(self.language) for line in self.items)


class Change(msgspec.Struct, frozen=True):
    """One move of an order. The first comes from nowhere (`before` is empty)."""

    before: str
    after: str
    by: str
    reason: str
    at: datetime


class Fulfilment(msgspec.Struct, frozen=True):
    """How an order travels."""

    carrier: str
    tracking: str
    tracking_url: str | None
    by: str
    at: datetime


class Filter(msgspec.Struct, frozen=True):
    """Which orders are meant; what is None does not matter. Times are those of placing."""

    state: OrderState | None = None
    number: str | None = None
    lane_id: str | None = None
    contact_id: str | None = None
    member_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Bill(msgspec.Struct, frozen=True):
    """What an order costs and where it stands: all that the audit of money needs of it."""

    id: str
    state: OrderState
    amount: int
    currency: str
