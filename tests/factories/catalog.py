"""Things to sell in a test."""

from __future__ import annotations

import msgspec

from app.catalog.checks import checks
from app.catalog.forms import ProductForm, VariantForm
from app.catalog.put import put_product
from app.catalog.read import products_of
from app.core.catalogue import Option
from app.db.unit import Unit
from app.engine.contract import Engine
from tests.factories.shops import open_shop


class Stall(msgspec.Struct, frozen=True):
    """A shop with one product; its variants' ids by SKU."""

    shop_id: str
    product_id: str
    variants: dict[str, str]


async def open_stall(engine: Engine, slug: str = "hanok", **stock: int) -> Stall:
    """A shop that sells mugs: `black=10, white=1` is what there is of each."""
    colours = stock or {"black": 10}
    form = ProductForm(
        slug="moon-mug",
        title={"en": "Moon mug"},
        options=(Option({"en": "Colour"}, tuple(colours)),),
        variants=tuple(
            VariantForm(colour, 15_000, (colour,), count) for colour, count in colours.items()
        ),
    )
    async with engine.write() as unit:
        shop_id = await open_shop(unit, slug)
        product = await put_product(unit, shop_id, form, "test")
        [row] = await products_of(unit, shop_id)
        return Stall(shop_id, product.id, {each.sku: each.id for each in row.variants})


async def shelf(engine: Engine, stall: Stall) -> dict[str, tuple[int, int]]:
    """(on hand, held) by SKU."""
    async with engine.read() as unit:
        [row] = await products_of(unit, stall.shop_id)
        return {each.sku: (each.on_hand, each.held) for each in row.variants}


async def sound(unit: Unit) -> bool:
    """Does the audit find nothing to complain of?"""
    return [broken for finding in await checks(unit) for broken in finding.broken] == []
