"""The SQL of products, variants and campaigns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from app.catalog.models import campaign, product, variant
from app.db.unit import Unit


async def products(unit: Unit, shop_id: str) -> Sequence[Row[Any]]:
    """The products of a shop in its order, those taken off sale included."""
    query = select(product).where(product.c.shop_id == shop_id)
    return await unit.rows(query.order_by(product.c.position, product.c.id))


async def variants(unit: Unit, shop_id: str) -> Sequence[Row[Any]]:
    """The variants of a shop in its order, those taken off sale included."""
    query = select(variant).where(variant.c.shop_id == shop_id)
    return await unit.rows(query.order_by(variant.c.position, variant.c.id))


async def campaigns(unit: Unit, shop_id: str) -> Sequence[Row[Any]]:
    """The campaigns of a shop, those that were ended included."""
    query = select(campaign).where(campaign.c.shop_id == shop_id)
    return await unit.rows(query.order_by(campaign.c.created_at, campaign.c.id))


async def product_at(unit: Unit, shop_id: str, slug: str) -> Row[Any] | None:
    query = select(product).where(product.c.shop_id == shop_id, product.c.slug == slug)
    return await unit.row(query.with_for_update())


async def variants_for(
    unit: Unit, shop_id: str, product_id: str, skus: Collection[str]
) -> Sequence[Row[Any]]:
    """The variants of that product, and whatever else has one of these SKUs."""
    query = select(variant).where(
        variant.c.shop_id == shop_id,
        (variant.c.product_id == product_id) | variant.c.sku.in_(sorted(skus)),
    )
    return await unit.rows(query.order_by(variant.c.id).with_for_update())


async def campaign_at(unit: Unit, shop_id: str, slug: str) -> Row[Any] | None:
    query = select(campaign).where(campaign.c.shop_id == shop_id, campaign.c.slug == slug)
    return await unit.row(query.with_for_update())


async def insert_product(unit: Unit, values: Mapping[str, Any]) -> None:
    await unit.run(product.insert().values(**values))


async def insert_variant(unit: Unit, values: Mapping[str, Any]) -> None:
    await unit.run(variant.insert().values(**values))


async def insert_campaign(unit: Unit, values: Mapping[str, Any]) -> None:
    await unit.run(campaign.insert().values(**values))


async def update_product(unit: Unit, product_id: str, values: Mapping[str, Any]) -> None:
    await unit.run(update(product).where(product.c.id == product_id).values(**values))


async def update_variant(unit: Unit, variant_id: str, values: Mapping[str, Any]) -> None:
    await unit.run(update(variant).where(variant.c.id == variant_id).values(**values))


async def update_campaign(unit: Unit, campaign_id: str, values: Mapping[str, Any]) -> None:
    await unit.run(update(campaign).where(campaign.c.id == campaign_id).values(**values))
