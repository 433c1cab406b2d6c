"""A shop as a file: applied as often as you like, and written out again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from app.catalog import put
from app.catalog.read import products_of
from app.catalog.shopaccounts import STORE, connect, disconnect_store, secret_complaints, wishes
from app.catalog.shopexport import exported
from app.catalog.shopform import ShopFile
from app.catalog.shopread import BadShopFile, read_shop
from app.catalog.store import listing
from app.core.errors import NotFound
from app.db.unit import Unit
from app.merchants.create_shop import ShopForm, bump_version, create_shop, lock_shop, update_shop
from app.merchants.read import ShopRow, accounts_of, shop_at, shop_by_id

NOTHING: Mapping[str, str] = MappingProxyType({})
BY = "shop file"


class Applied(msgspec.Struct, frozen=True):
    """What applying did: a line for each change, none when the shop was so already."""

    shop_id: str
    slug: str
    version: int
    created: bool
    changes: tuple[str, ...]


async def apply_shop(
    unit: Unit,
    data: object,
    environment: Mapping[str, str] = NOTHING,
    *,
    production: bool = False,
) -> Applied:
    """Makes the shop what the file says; `environment` is where `${NAME}` is looked up.

    Raises `BadShopFile` with every complaint at once; the caller's transaction then ends undone.
    """
    file, unset = read_shop(data, environment, production=production)
    form = file.form()
    found = await shop_at(unit, form.slug)
    if found is None:
        shop_id, changes, seen = await create_shop(unit, form), [f"shop {form.slug}: new"], True
    else:
        shop_id = found.id
        await lock_shop(unit, shop_id)
        changes = _shop_changes(found, form)
        seen = bool(changes)
        if changes:
            await update_shop(unit, shop_id, form)
    changes += await _accounts(unit, shop_id, file, unset)
    catalogue = await _catalogue(unit, shop_id, file)
    if catalogue and not seen:
        await bump_version(unit, shop_id)
    row = await shop_by_id(unit, shop_id)
    version = row.catalog_version if row is not None else 0
    return Applied(shop_id, form.slug, version, found is None, tuple(changes + catalogue))


async def export_shop(unit: Unit, slug: str) -> dict[str, Any]:
    """The shop as plain data for a file, `${NAME}` for every secret."""
    row = await shop_at(unit, slug)
    if row is None:
        raise NotFound(f"There is no shop called {slug}.")
    return await exported(unit, row)


def _shop_changes(row: ShopRow, form: ShopForm) -> list[str]:
    if row.currency != form.currency:
        text = f"stays {row.currency}: prices, orders and points are reckoned in it"
        raise BadShopFile([("shop.currency", text)])
    names = [
        name for name in ShopForm.__struct_fields__ if getattr(row, name) != getattr(form, name)
    ]
    return [f"shop {form.slug}: {name}" for name in names]


async def _accounts(
    unit: Unit, shop_id: str, file: ShopFile, unset: Mapping[str, str]
) -> list[str]:
    wanted = list(wishes(file))
    stored = {(row.channel, row.external_id): row for row in await accounts_of(unit, shop_id)}
    complaints = [
        complaint
        for wish in wanted
        for complaint in secret_complaints(
            wish, stored.get((wish.channel, wish.external_id)), unset
        )
    ]
    if complaints:
        raise BadShopFile(complaints)
    changes = [
        await connect(unit, shop_id, wish, stored.get((wish.channel, wish.external_id)))
        for wish in wanted
    ]
    if not any(wish.channel == STORE for wish in wanted):
        changes.append(await disconnect_store(unit, shop_id, file.shop.slug))
    return [change for change in changes if change is not None]


async def _catalogue(unit: Unit, shop_id: str, file: ShopFile) -> list[str]:
    """What the file leaves out goes off sale first, so that its SKUs are free to move."""
    changes: list[str] = []
    slugs = {each.slug for each in file.products}
    for product in await listing.products(unit, shop_id):
        if product.slug not in slugs:
            changes += (await put.take_off_sale(unit, shop_id, product)).changes
    await _free_moving_skus(unit, shop_id, file)
    for position, part in enumerate(file.products):
        form = part.form(file.shop.locale)
        changes += (await put.write_product(unit, shop_id, form, BY, position)).changes
    campaigns = {each.slug for each in file.campaigns}
    for campaign in await listing.campaigns(unit, shop_id):
        if campaign.slug not in campaigns:
            changes += (await put.end_campaign(unit, campaign)).changes
    for each in file.campaigns:
        wanted = each.form(file.shop.locale, file.shop.timezone)
        changes += (await put.write_campaign(unit, shop_id, wanted)).changes
    return changes


async def _free_moving_skus(unit: Unit, shop_id: str, file: ShopFile) -> None:
    home = {variant.sku: each.slug for each in file.products for variant in each.variants}
    for product in await products_of(unit, shop_id):
        for variant in product.variants:
            if variant.active and home.get(variant.sku, product.slug) != product.slug:
                await listing.update_variant(unit, variant.id, {"active": False})
