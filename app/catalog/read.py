"""The catalogue as its merchant reads it, with what was taken off sale."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from app.catalog.store import listing, stock
from app.core.catalogue import Option, Words
from app.db.unit import Unit


class VariantRow(msgspec.Struct, frozen=True):
    """A variant with its numbers on the shelf."""

    id: str
    product_id: str
    sku: str
    option_values: tuple[str, ...]
    price: int
    weight: int
    position: int
    active: bool
    on_hand: int
    held: int


class ProductRow(msgspec.Struct, frozen=True):
    """A product as its merchant sees it; `version` goes up with every change."""

    id: str
    slug: str
    title: Words
    description: Words
    image: str | None
    options: tuple[Option, ...]
    position: int
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime
    variants: tuple[VariantRow, ...] = ()


class CampaignRow(msgspec.Struct, frozen=True):
    """A campaign as its merchant sees it; `version` goes up with every change."""

    id: str
    slug: str
    hashtag: str
    product_ids: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None
    public_reply: Words
    express: bool
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class Movement(msgspec.Struct, frozen=True):
    """One line of the stock book."""

    id: int
    variant_id: str
    delta: int
    reason: str
    actor: str
    order_id: str | None
    at: datetime


async def products_of(unit: Unit, shop_id: str) -> list[ProductRow]:
    """All products of a shop with their variants, those taken off sale included."""
    by_product = defaultdict(list)
    for row in await listing.variants(unit, shop_id):
        by_product[row.product_id].append(_known(row, VariantRow))
    rows = await listing.products(unit, shop_id)
    return [_known(row, ProductRow, variants=tuple(by_product[row.id])) for row in rows]


async def campaigns_of(unit: Unit, shop_id: str) -> list[CampaignRow]:
    """All campaigns of a shop, those that were ended included."""
    return [_known(row, CampaignRow) for row in await listing.campaigns(unit, shop_id)]


async def movements_of(
    unit: Unit,
    shop_id: str,
    variant_id: str | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[Movement]:
    """The stock book, newest first; `before` is the id to go on from."""
    rows = await stock.movements_of(unit, shop_id, variant_id, before, limit)
    return [_known(row, Movement) for row in rows]


Known = TypeVar("Known", bound=msgspec.Struct)


def _known(row: Row[Any], kind: type[Known], **more: object) -> Known:
    """The columns that this struct names, in its types."""
    names = [name for name in kind.__struct_fields__ if name not in more]
    return msgspec.convert({name: row._mapping[name] for name in names} | more, kind)
