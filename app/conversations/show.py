"""What the payment page shows of a cart, fixed when its link is made."""

from __future__ import annotations

from typing import Any

from app.core.catalogue import Product, Shop, Variant
from app.core.dialog.shelf import in_language, value_label
from app.core.dialog.state import State
from app.core.pricing import find_variant, quote


def shown_cart(shop: Shop, state: State) -> dict[str, Any]:
    """The cart as plain data: lines with their words and amounts in minor units, and the total."""
    language = state.language or shop.locale
    rates = {rate.id: rate for rate in shop.shipping}
    cart = [(line.variant_id, line.quantity) for line in state.cart]
    priced = quote(cart, shop, rates.get(state.shipping_id))
    lines = []
    for line in priced.lines:
        found = find_variant(shop, line.variant_id)
        if found is not None:
            product, variant = found
            named = in_language(product.title, language, shop.locale)
            words = " · ".join((named, *_values(product, variant, language, shop.locale)))
            image = product.image
        else:
            rate = rates.get(line.shipping_id)
            words = in_language(rate.name, language, shop.locale) if rate else line.kind
            image = None
        lines.append(
            {
                "kind": line.kind,
                "words": words,
                "image": image,
                "quantity": line.quantity,
                "unit": line.unit,
                "amount": line.amount,
            }
        )
    return {
        "language": language,
        "lines": lines,
        "total": priced.total.amount,
        "currency": shop.currency,
        "address": state.address_label,
        "held_until": state.held_until.isoformat() if state.held_until else None,
        "providers": list(shop.payments),
    }


def _values(product: Product, variant: Variant, language: str, locale: str) -> list[str]:
    """The chosen values as the shop calls them in that language."""
    return [
        value_label(option, value, language, locale)
        for option, value in zip(product.options, variant.values, strict=False)
    ]
