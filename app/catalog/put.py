"""Putting products and campaigns on sale, and taking them off. Twice the same changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row

from app.catalog.forms import (
    CampaignForm,
    Complaint,
    ProductForm,
    VariantForm,
    campaign_complaints,
    product_complaints,
)
from app.catalog.store import listing, stock
from app.core.catalogue import Option
from app.core.errors import Conflict, NotFound, Rejected
from app.db.unit import Unit
from app.merchants.create_shop import bump_version, lock_shop


class Put(msgspec.Struct, frozen=True):
    """The id, and what is different now, a line for each; none when nothing is."""

    id: str
    changes: tuple[str, ...] = ()


async def put_product(
    unit: Unit, shop_id: str, form: ProductForm, by: str, expected: int | None = None
) -> Put:
    """Puts this product in place of the one of that slug; the dialog sells it from now on.

    Variants that the form leaves out are taken off sale. Raises `Rejected` for a wrong form, and
    `Conflict` when the product is not at the `expected` version any more.
    """
    _refuse(product_complaints(form))
    await lock_shop(unit, shop_id)
    if expected is not None:
        _expect(await listing.product_at(unit, shop_id, form.slug), expected)
    put = await write_product(unit, shop_id, form, by)
    return await _seen(unit, shop_id, put)


async def put_campaign(
    unit: Unit, shop_id: str, form: CampaignForm, expected: int | None = None
) -> Put:
    """Puts this campaign in place of the one of that slug. Raises as `put_product` does."""
    _refuse(campaign_complaints(form))
    await lock_shop(unit, shop_id)
    if expected is not None:
        _expect(await listing.campaign_at(unit, shop_id, form.slug), expected)
    put = await write_campaign(unit, shop_id, form)
    return await _seen(unit, shop_id, put)


async def retire_product(unit: Unit, shop_id: str, slug: str) -> Put:
    """Takes the product off sale; orders and holds go on naming it."""
    row = await listing.product_at(unit, shop_id, slug)
    if row is None:
        raise NotFound(f"There is no product called {slug}.")
    return await _seen(unit, shop_id, await take_off_sale(unit, shop_id, row))


async def retire_campaign(unit: Unit, shop_id: str, slug: str) -> Put:
    """Ends the campaign: its hashtag opens nothing any more."""
    row = await listing.campaign_at(unit, shop_id, slug)
    if row is None:
        raise NotFound(f"There is no campaign called {slug}.")
    return await _seen(unit, shop_id, await end_campaign(unit, row))


# --- the same without a new catalogue version: the shop file makes one for all its changes --------


async def write_product(
    unit: Unit, shop_id: str, form: ProductForm, by: str, position: int | None = None
) -> Put:
    """Writes the product; its form was checked."""
    row = await listing.product_at(unit, shop_id, form.slug)
    values: dict[str, Any] = {
        "title": form.title,
        "description": form.description,
        "image": form.image,
        "options": [_plain(option) for option in form.options],
        "active": True,
    }
    if position is not None:
        values["position"] = position
    if row is None:
        product_id, changes = unit.ids.new("prd", unit.now), [f"product {form.slug}: new"]
        values |= {"id": product_id, "shop_id": shop_id, "slug": form.slug, "version": 1}
        values.setdefault("position", 0)
        await listing.insert_product(
            unit, values | {"created_at": unit.now, "updated_at": unit.now}
        )
        return Put(
            product_id, (*changes, *await _write_variants(unit, shop_id, product_id, form, by))
        )
    product_id = row.id
    changes = [f"product {form.slug}: {name}" for name in _differing(row, values)]
    changes += await _write_variants(unit, shop_id, product_id, form, by)
    if changes:
        values |= {"version": row.version + 1, "updated_at": unit.now}
        await listing.update_product(unit, product_id, values)
    return Put(product_id, tuple(changes))


async def write_campaign(unit: Unit, shop_id: str, form: CampaignForm) -> Put:
    """Writes the campaign; its form was checked."""
    ids = {row.slug: row.id for row in await listing.products(unit, shop_id)}
    unknown = [slug for slug in form.products if slug not in ids]
    if unknown:
        raise Rejected(f"There is no product called {', '.join(unknown)}.", code="no-product")
    values: dict[str, Any] = {
        "hashtag": form.hashtag,
        "product_ids": [ids[slug] for slug in form.products],
        "starts": form.starts,
        "ends": form.ends,
        "public_reply": form.public_reply,
        "express": form.express,
        "active": True,
    }
    row = await listing.campaign_at(unit, shop_id, form.slug)
    if row is None:
        campaign_id = unit.ids.new("cmp", unit.now)
        values |= {"id": campaign_id, "shop_id": shop_id, "slug": form.slug, "version": 1}
        await listing.insert_campaign(
            unit, values | {"created_at": unit.now, "updated_at": unit.now}
        )
        return Put(campaign_id, (f"campaign {form.slug}: new",))
    changes = tuple(f"campaign {form.slug}: {name}" for name in _differing(row, values))
    if changes:
        values |= {"version": row.version + 1, "updated_at": unit.now}
        await listing.update_campaign(unit, row.id, values)
    return Put(row.id, changes)


async def take_off_sale(unit: Unit, shop_id: str, product: Row[Any]) -> Put:
    """The product and its variants are not sold any more."""
    if not product.active:
        return Put(product.id)
    for variant in await listing.variants_for(unit, shop_id, product.id, ()):
        await listing.update_variant(unit, variant.id, {"active": False})
    values = {"active": False, "version": product.version + 1, "updated_at": unit.now}
    await listing.update_product(unit, product.id, values)
    return Put(product.id, (f"product {product.slug}: off sale",))


async def end_campaign(unit: Unit, campaign: Row[Any]) -> Put:
    """The campaign's hashtag opens nothing any more."""
    if not campaign.active:
        return Put(campaign.id)
    values = {"active": False, "version": campaign.version + 1, "updated_at": unit.now}
    await listing.update_campaign(unit, campaign.id, values)
    return Put(campaign.id, (f"campaign {campaign.slug}: ended",))


async def _write_variants(
    unit: Unit, shop_id: str, product_id: str, form: ProductForm, by: str
) -> list[str]:
    skus = [variant.sku for variant in form.variants]
    found = await listing.variants_for(unit, shop_id, product_id, skus)
    known = {row.sku: row for row in found}
    changes = await _drop_variants(unit, product_id, found, skus)
    for position, variant in enumerate(form.variants):
        row = known.get(variant.sku)
        values: dict[str, Any] = {
            "product_id": product_id,
            "option_values": list(variant.values),
            "price": variant.price,
            "weight": variant.weight,
            "position": position,
            "active": True,
        }
        if row is None:
            await _open_variant(unit, shop_id, variant, values, by)
            changes.append(f"variant {variant.sku}: new, {variant.stock} in stock")
            continue
        if row.product_id != product_id and row.active:
            raise Conflict(f"SKU {variant.sku} belongs to another product.", code="sku-taken")
        differing = _differing(row, values)
        if differing:
            await listing.update_variant(unit, row.id, values)
            changes += [f"variant {variant.sku}: {name}" for name in differing]
    return changes


async def _drop_variants(
    unit: Unit, product_id: str, found: Sequence[Row[Any]], skus: Sequence[str]
) -> list[str]:
    changes = []
    for row in found:
        if row.product_id == product_id and row.active and row.sku not in skus:
            await listing.update_variant(unit, row.id, {"active": False})
            changes.append(f"variant {row.sku}: off sale")
    return changes


async def _open_variant(
    unit: Unit, shop_id: str, form: VariantForm, values: dict[str, Any], by: str
) -> None:
    variant_id = unit.ids.new("var", unit.now)
    values |= {"id": variant_id, "shop_id": shop_id, "sku": form.sku}
    await listing.insert_variant(unit, values | {"on_hand": form.stock, "held": 0})
    if form.stock:
        book = stock.movement(shop_id, variant_id, form.stock, "opening", by, unit.now)
        await stock.insert_movements(unit, [book])


def _plain(option: Option) -> dict[str, Any]:
    """As it is read back, so that the same option is no difference."""
    return {"name": option.name, "values": list(option.values), "labels": option.labels}


def _differing(row: Row[Any], values: dict[str, Any]) -> list[str]:
    """The names of the columns that would change, with what they change to where that is short."""
    names = [name for name, value in values.items() if row._mapping[name] != value]
    return [
        f"{name} {row._mapping[name]} → {values[name]}" if name == "price" else name
        for name in names
    ]


def _expect(row: Row[Any] | None, version: int) -> None:
    if row is None or row.version != version:
        raise Conflict("It was changed since you looked: read it again.", code="version")


def _refuse(complaints: Iterable[Complaint]) -> None:
    found = list(complaints)
    if found:
        raise Rejected("; ".join(f"{path}: {text}" for path, text in found), code="form")


async def _seen(unit: Unit, shop_id: str, put: Put) -> Put:
    if put.changes:
        await bump_version(unit, shop_id)
    return put
