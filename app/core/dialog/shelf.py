"""Reading the catalogue and the stock for one conversation."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.dialog.facts import Campaign, Facts, Option, Product, Shop, Variant, Words
from app.core.dialog.state import CartLine, Draft
from app.core.pricing import find_variant

SHOWN = 10  # products listed at once; a longer list is no help in a chat


def in_language(words: Words, language: str, locale: str) -> str:
    """A shop's own words in this language, else in the shop's, else in any."""
    for wanted in (language, locale.split("_")[0].split("-")[0]):
        if words.get(wanted):
            return words[wanted]
    return next((x for x in words.values() if x), "")


def value_label(option: Option, value: str, language: str, locale: str) -> str:
    """How an option's value is shown."""
    return in_language(option.labels.get(value, {}), language, locale) or value


def free(facts: Facts, variant: Variant) -> int | None:
    """How many are free to hold; None when nobody said."""
    if not variant.active:
        return 0
    return facts.stock.get(variant.id)


def available(facts: Facts, variant: Variant) -> bool:
    """May it be offered? What is not known is offered: the hold decides."""
    left = free(facts, variant)
    return left is None or left > 0


def has_stock(facts: Facts, product: Product) -> bool:
    """Is any variant of it to be had?"""
    return any(available(facts, x) for x in product.variants)


def matching(product: Product, values: dict[str, str]) -> list[Variant]:
    """The variants that fit the values chosen so far (option position as text -> value)."""
    return [
        x
        for x in product.variants
        if x.active and all(_value(x, int(at)) == value for at, value in values.items())
    ]


def _value(variant: Variant, at: int) -> str:
    return variant.values[at] if at < len(variant.values) else ""


def chosen(product: Product, values: dict[str, str]) -> Variant | None:
    """The one variant that is meant, once every option is decided."""
    if open_option(product, values) is not None:
        return None
    fits = matching(product, values)
    return fits[0] if fits else None


def open_option(product: Product, values: dict[str, str]) -> int | None:
    """The first option that is not decided yet. One with a single possible value asks nothing."""
    for at, option in enumerate(product.options):
        if str(at) not in values and len(possible(product, values, at, option)) > 1:
            return at
    return None


def possible(product: Product, values: dict[str, str], at: int, option: Option) -> list[str]:
    """The values of an option that some variant has, in the shop's order."""
    have = {_value(x, at) for x in matching(product, values)}
    return [x for x in option.values if x in have]


def value_free(
    facts: Facts, product: Product, values: dict[str, str], at: int, value: str
) -> int | None:
    """How many pieces are left of what this value leads to; None when nobody said."""
    counts = [free(facts, x) for x in matching(product, {**values, str(at): value})]
    known = [x for x in counts if x is not None]
    return sum(known) if len(known) == len(counts) else None


def variant_title(product: Product, variant: Variant, language: str, locale: str) -> str:
    """`Moon mug, black`."""
    shown = [
        value_label(option, value, language, locale)
        for option, value in zip(product.options, variant.values, strict=False)
    ]
    return ", ".join([in_language(product.title, language, locale), *shown])


def nearest(facts: Facts, product: Product, variant: Variant) -> list[Variant]:
    """Other variants to be had, the most alike first."""
    others = [x for x in product.variants if x.id != variant.id and available(facts, x)]
    return sorted(
        others,
        key=lambda x: -sum(a == b for a, b in zip(x.values, variant.values, strict=False)),
    )


def draft_of(line: CartLine, shop: Shop) -> Draft:
    """The line as if it were being chosen."""
    found = find_variant(shop, line.variant_id)
    if found is None:
        return Draft()
    product, variant = found
    values = {str(at): value for at, value in enumerate(variant.values)}
    return Draft(product.id, values, line.quantity)


def merged(lines: Iterable[CartLine], limit: int) -> tuple[CartLine, ...]:
    """One line per variant, none above the shop's limit."""
    total: dict[str, int] = {}
    for line in lines:
        total[line.variant_id] = min(limit, total.get(line.variant_id, 0) + line.quantity)
    return tuple(CartLine(variant, count) for variant, count in total.items())


def find_campaign(shop: Shop, campaign_id: str) -> Campaign | None:
    """The campaign of that id, if the shop still has it."""
    return next((x for x in shop.campaigns if x.id == campaign_id), None)


def sold_products(shop: Shop, ids: Iterable[str]) -> list[Product]:
    """The products of those ids that the shop has."""
    return [shop.products[x] for x in ids if x in shop.products]
