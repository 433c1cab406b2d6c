"""The catalogue as the dialog knows it, and as its merchant sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from app.catalog.store import listing, stock
from app.core.catalogue import Campaign, Option, Product, Shop, Variant, Words
from app.core.errors import NotFound
from app.db.unit import Unit
from app.merchants.read import ShopRow, shop_by_id, versions_of

CACHED_SHOPS = 512


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


async def load_shop(unit: Unit, shop_id: str) -> Shop:
    """The shop at its present version, whole: what is written meanwhile makes it look again."""
    while True:
        row = await shop_by_id(unit, shop_id)
        if row is None:
            raise NotFound("There is no such shop.")
        products = [_product(each) for each in await products_of(unit, shop_id) if each.active]
        campaigns = await campaigns_of(unit, shop_id)
        versions = await versions_of(unit, [shop_id])
        if versions.get(shop_id) == row.catalog_version:
            return _shop(row, {each.id: each for each in products}, campaigns)


class ShopCache:
    """Snapshots of shops, kept until their version changes. Stock is never in them.

    Not for a transaction that itself writes the catalogue: its version may never come to be.
    """

    def __init__(self, size: int = CACHED_SHOPS) -> None:
        self._size = size
        self._shops: dict[str, Shop] = {}

    async def get(self, unit: Unit, shop_id: str) -> Shop:
        """One shop."""
        found = await self.get_many(unit, [shop_id])
        if shop_id not in found:
            raise NotFound("There is no such shop.")
        return found[shop_id]

    async def get_many(self, unit: Unit, shop_ids: Collection[str]) -> dict[str, Shop]:
        """Those of these shops that exist: one statement when nothing changed."""
        found = {}
        for shop_id, version in (await versions_of(unit, set(shop_ids))).items():
            shop = self._shops.pop(shop_id, None)  # put back last: the first was used longest ago
            if shop is None or shop.version != version:
                shop = await load_shop(unit, shop_id)
            found[shop_id] = self._shops[shop_id] = shop
        while len(self._shops) > self._size:
            del self._shops[next(iter(self._shops))]
        return found


async def free_stock(unit: Unit, shop_id: str, product_ids: Collection[str]) -> dict[str, int]:
    """What may be kept of each variant of these products; those off sale are missing."""
    if not product_ids:
        return {}
    return await stock.free_of_products(unit, shop_id, product_ids)


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


def _shop(row: ShopRow, products: dict[str, Product], campaigns: list[CampaignRow]) -> Shop:
    settings = row.settings
    return Shop(
        id=row.id,
        slug=row.slug,
        name=row.name,
        locale=row.locale,
        currency=row.currency,
        country=row.country,
        timezone=row.timezone,
        version=row.catalog_version,
        products=products,
        campaigns=tuple(_campaign(each, products) for each in campaigns),
        shipping=settings.shipping,
        payments=settings.payments,
        membership=settings.membership,
        hold_minutes=settings.hold_minutes,
        max_quantity=settings.max_quantity,
        ask_email=settings.ask_email,
        person_minutes=settings.person_minutes,
    )


def _product(row: ProductRow) -> Product:
    return Product(
        id=row.id,
        slug=row.slug,
        title=row.title,
        description=row.description,
        image=row.image,
        options=row.options,
        variants=tuple(
            Variant(each.id, each.sku, each.option_values, each.price, each.weight, each.active)
            for each in row.variants
        ),
    )


def _campaign(row: CampaignRow, products: Collection[str]) -> Campaign:
    return Campaign(
        id=row.id,
        slug=row.slug,
        hashtag=row.hashtag,
        product_ids=tuple(each for each in row.product_ids if each in products),
        starts=row.starts,
        ends=row.ends,
        public_reply=row.public_reply,
        express=row.express,
        active=row.active,
    )


Known = TypeVar("Known", bound=msgspec.Struct)


def _known(row: Row[Any], kind: type[Known], **more: object) -> Known:
    """The columns that this struct names, in its types."""
    names = [name for name in kind.__struct_fields__ if name not in more]
    return msgspec.convert({name: row._mapping[name] for name in names} | more, kind)
