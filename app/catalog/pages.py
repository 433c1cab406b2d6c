"""Products and campaigns for the API: a page of them, or one, locked where it will be changed.

Pages run from the newest to the oldest by id, so that what is added meanwhile moves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row, Select, Table, select

from app.catalog.models import campaign, product, variant
from app.catalog.read import CampaignRow, ProductRow, VariantRow
from app.core.errors import NotFound
from app.db.unit import Unit

Known = TypeVar("Known", bound=msgspec.Struct)


async def page_of_products(
    unit: Unit, shop_id: str, after: str | None, limit: int, *, active: bool | None = None
) -> list[ProductRow]:
    """At most `limit` products, older than `after`."""
    rows = await unit.rows(_page(product, shop_id, after, limit, active))
    return await _with_variants(unit, shop_id, rows)


async def page_of_campaigns(
    unit: Unit, shop_id: str, after: str | None, limit: int, *, active: bool | None = None
) -> list[CampaignRow]:
    """At most `limit` campaigns, older than `after`."""
    rows = await unit.rows(_page(campaign, shop_id, after, limit, active))
    return [_known(row, CampaignRow) for row in rows]


async def product_by_id(
    unit: Unit, shop_id: str, product_id: str, *, lock: bool = False
) -> ProductRow:
    """The product with its variants, locked until the transaction ends. Raises `NotFound`."""
    row = await unit.row(_one(product, shop_id, product_id, lock=lock))
    if row is None:
        raise NotFound("The shop has no such product.", code="no-product")
    return (await _with_variants(unit, shop_id, [row]))[0]


async def product_of_variant(
    unit: Unit, shop_id: str, variant_id: str, *, lock: bool = False
) -> ProductRow:
    """The product that this is a variant of. Raises `NotFound`."""
    query = select(variant.c.product_id).where(
        variant.c.shop_id == shop_id, variant.c.id == variant_id
    )
    product_id = await unit.value(query)
    if product_id is None:
        raise NotFound("The shop has no such variant.", code="no-variant")
    return await product_by_id(unit, shop_id, product_id, lock=lock)


async def campaign_by_id(
    unit: Unit, shop_id: str, campaign_id: str, *, lock: bool = False
) -> CampaignRow:
    """The campaign, locked until the transaction ends. Raises `NotFound`."""
    row = await unit.row(_one(campaign, shop_id, campaign_id, lock=lock))
    if row is None:
        raise NotFound("The shop has no such campaign.", code="no-campaign")
    return _known(row, CampaignRow)


async def slug_taken(unit: Unit, shop_id: str, kind: str, slug: str) -> bool:
    """Has the shop a product (or a campaign) of that slug already?"""
    table = {"product": product, "campaign": campaign}[kind]
    query = select(table.c.id).where(table.c.shop_id == shop_id, table.c.slug == slug)
    return await unit.row(query) is not None


async def slugs_of(unit: Unit, shop_id: str, product_ids: Sequence[str]) -> list[str]:
    """The slugs of these products, in their order. Raises `NotFound`."""
    query = select(product.c.id, product.c.slug).where(
        product.c.shop_id == shop_id, product.c.id.in_(product_ids)
    )
    found = {row.id: row.slug for row in await unit.rows(query)}
    missing = [each for each in product_ids if each not in found]
    if missing:
        raise NotFound(f"The shop has no product {', '.join(missing)}.", code="no-product")
    return [found[each] for each in product_ids]


def _page(
    table: Table, shop_id: str, after: str | None, limit: int, active: bool | None
) -> Select[Any]:
    query = select(table).where(table.c.shop_id == shop_id)
    if after is not None:
        query = query.where(table.c.id < after)
    if active is not None:
        query = query.where(table.c.active == active)
    return query.order_by(table.c.id.desc()).limit(limit)


def _one(table: Table, shop_id: str, row_id: str, *, lock: bool) -> Select[Any]:
    query = select(table).where(table.c.shop_id == shop_id, table.c.id == row_id)
    return query.with_for_update() if lock else query


async def _with_variants(unit: Unit, shop_id: str, rows: Sequence[Row[Any]]) -> list[ProductRow]:
    if not rows:
        return []
    query = select(variant).where(
        variant.c.shop_id == shop_id, variant.c.product_id.in_([row.id for row in rows])
    )
    by_product: defaultdict[str, list[VariantRow]] = defaultdict(list)
    for row in await unit.rows(query.order_by(variant.c.position, variant.c.id)):
        by_product[row.product_id].append(_known(row, VariantRow))
    return [_known(row, ProductRow, variants=tuple(by_product[row.id])) for row in rows]


def _known(row: Row[Any], kind: type[Known], **more: object) -> Known:
    """The columns that this struct names, in its types."""
    names = [name for name in kind.__struct_fields__ if name not in more]
    return msgspec.convert({name: row._mapping[name] for name in names} | more, kind)
