"""What a cart costs, with every line explained. All amounts are whole minor units.

The quote is made once and its lines always sum to its total: the summary, the payment page, the
order's snapshot and the provider see the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from app.core.catalogue import Product, ShippingRate, Shop, Variant
from app.core.errors import Rejected
from app.core.money import Money


class QuoteLine(msgspec.Struct, frozen=True):
    """One explained amount, in minor units. An item has a variant and `unit` price per piece."""

    kind: Literal["item", "shipping"]
    amount: int
    variant_id: str = ""
    product_id: str = ""
    quantity: int = 1
    unit: int = 0
    shipping_id: str = ""


class Quote(msgspec.Struct, frozen=True):
    """Lines in the order in which they are shown, and their sum."""

    lines: tuple[QuoteLine, ...]
    currency: str

    @property
    def goods(self) -> Money:
        """The goods alone: what free delivery and points are reckoned on."""
        return Money(sum(x.amount for x in self.lines if x.kind == "item"), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid."""
        return Money(sum(x.amount for x in self.lines), self.currency)


def find_variant(shop: Shop, variant_id: str) -> tuple[Product, Variant] | None:
    """The variant of that id with its product, or nothing when the shop has it no more."""
    for product in shop.products.values():
        for variant in product.variants:
            if variant.id == variant_id:
                return product, variant
    return None


def shipping_price(rate: ShippingRate, goods: int) -> int:
    """What this delivery costs for goods of that worth; never below zero."""
    if rate.free_over is not None and goods >= rate.free_over:
        return 0
    return max(0, rate.price)


def rates_for(shop: Shop, country: str) -> tuple[ShippingRate, ...]:
    """The ways of delivery that reach a country; a rate without countries goes everywhere."""
    return tuple(x for x in shop.shipping if not x.countries or country in x.countries)


def quote(
    lines: Iterable[tuple[str, int]], shop: Shop, shipping: ShippingRate | None = None
) -> Quote:
    """The price of (variant id, quantity) lines and of their delivery.

    Raises `Rejected`: `no-variant` for what is not sold (any more), `quantity` outside
    1..`shop.max_quantity`, `price` for a price below zero, `empty` for no lines at all.
    """
    items = [_item(variant_id, quantity, shop) for variant_id, quantity in lines]
    if not items:
        raise Rejected("There is nothing in the cart.", code="empty")
    if shipping is None:
        return Quote(tuple(items), shop.currency)
    price = shipping_price(shipping, sum(x.amount for x in items))
    delivery = QuoteLine("shipping", price, unit=price, shipping_id=shipping.id)
    return Quote((*items, delivery), shop.currency)


def _item(variant_id: str, quantity: int, shop: Shop) -> QuoteLine:
    found = find_variant(shop, variant_id)
    if found is None or not found[1].active:
        raise Rejected("This is not sold any more.", code="no-variant")
    product, variant = found
    if not 1 <= quantity <= shop.max_quantity:
        raise Rejected(f"Between 1 and {shop.max_quantity} can be ordered.", code="quantity")
    if variant.price < 0:
        raise Rejected("A price cannot be below zero.", code="price")
    return QuoteLine(
        "item",
        variant.price * quantity,
        variant_id=variant.id,
        product_id=product.id,
        quantity=quantity,
        unit=variant.price,
    )
