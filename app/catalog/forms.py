"""What a merchant says of a product or a campaign, and what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import msgspec

from app.core.catalogue import Option, Words

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
HASHTAG = re.compile(r"[#＃]\S{1,99}")
MOST_VARIANTS = 200

Complaint = tuple[str, str]  # (path within the form, what to do)


class VariantForm(msgspec.Struct, frozen=True):
    """`stock` is the opening stock of a new variant: later it is moved, not set."""

    sku: str
    price: int
    values: tuple[str, ...] = ()
    stock: int = 0
    weight: int = 0


class ProductForm(msgspec.Struct, frozen=True):
    """A product whole, as it is to be."""

    slug: str
    title: Words
    variants: tuple[VariantForm, ...]
    description: Words = {}
    image: str | None = None
    options: tuple[Option, ...] = ()


class CampaignForm(msgspec.Struct, frozen=True):
    """A campaign whole, as it is to be. `products` are slugs."""

    slug: str
    hashtag: str
    products: tuple[str, ...]
    starts: datetime | None = None
    ends: datetime | None = None
    public_reply: Words = {}
    express: bool = False


def product_complaints(form: ProductForm) -> Iterator[Complaint]:
    """Whatever must be mended before this product can be sold."""
    if not SLUG.fullmatch(form.slug):
        yield "slug", "use small letters, digits and hyphens, such as drip-bag"
    if not any(form.title.values()):
        yield "title", "give it a title"
    if not 1 <= len(form.variants) <= MOST_VARIANTS:
        yield "variants", f"give it 1 to {MOST_VARIANTS} variants, each with sku and price"
    for at, option in enumerate(form.options):
        yield from _option_complaints(f"options[{at}]", option)
    for at, variant in enumerate(form.variants):
        yield from _variant_complaints(f"variants[{at}]", variant, form.options)
    combinations = Counter(variant.values for variant in form.variants)
    for values, count in combinations.items():
        if count > 1:
            named = " / ".join(values) or "no option"
            yield "variants", f"{count} variants are the same ({named}): keep one"


def _option_complaints(path: str, option: Option) -> Iterator[Complaint]:
    if not any(option.name.values()):
        yield f"{path}.name", "give the option a name, such as Roast"
    if not option.values or not all(option.values):
        yield f"{path}.values", "name at least one value, none of them empty"
    if len(set(option.values)) != len(option.values):
        yield f"{path}.values", "name each value once"
    for value in option.labels:
        if value not in option.values:
            yield f"{path}.labels.{value}", "is not one of the option's values"


def _variant_complaints(
    path: str, variant: VariantForm, options: tuple[Option, ...]
) -> Iterator[Complaint]:
    if not variant.sku.strip():
        yield f"{path}.sku", "give it a SKU of its own"
    for name in ("price", "stock", "weight"):
        if getattr(variant, name) < 0:
            yield f"{path}.{name}", "must be 0 or more"
    if len(variant.values) != len(options):
        yield (
            f"{path}.values",
            f"the product has {len(options)} options, so name {len(options)} values",
        )
        return
    for at, (value, option) in enumerate(zip(variant.values, options, strict=True)):
        if value not in option.values:
            yield f"{path}.values[{at}]", f"{value!r} is not one of {', '.join(option.values)}"


def campaign_complaints(form: CampaignForm) -> Iterator[Complaint]:
    """Whatever must be mended before this campaign can run."""
    if not SLUG.fullmatch(form.slug):
        yield "slug", "use small letters, digits and hyphens, such as autumn"
    if not HASHTAG.fullmatch(form.hashtag):
        yield "hashtag", "write it with # and without blanks, such as '#가을드립', in quotes"
    if not form.products:
        yield "products", "name at least one product by its slug"
    if form.starts and form.ends and form.ends <= form.starts:
        yield "ends", "must be later than starts"
