"""The catalogue as the dialog knows it: one snapshot for each version of a shop."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from app.catalog.read import CampaignRow, ProductRow, campaigns_of, products_of
from app.core.catalogue import Campaign, Product, Shop, Variant
from app.core.errors import NotFound
from app.db.unit import Unit
from app.merchants.read import ShopRow, shop_by_id, versions_of

CACHED_SHOPS = 512


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

    async def load(self, unit: Unit, shop_id: str) -> tuple[Shop, bytes | None]:
        """The shop, and its JSON when this process has not seen this version before."""
        known = self._shops.get(shop_id)
        shops = await self.load_all(unit, [shop_id])
        if shop_id not in shops:
            raise NotFound("There is no such shop.")
        shop = shops[shop_id]
        return shop, None if shop is known else msgspec.json.encode(shop)

    async def load_all(self, unit: Unit, shop_ids: Collection[str]) -> dict[str, Shop]:
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
