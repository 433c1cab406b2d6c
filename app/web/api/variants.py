"""Variants one by one: a new price, on sale or not. And the pieces of them that come and go."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from msgspec.structs import replace
from pydantic import Field
from starlette.responses import Response

from app.catalog.forms import ProductForm, VariantForm
from app.catalog.move import move_stock
from app.catalog.pages import product_of_variant
from app.catalog.put import put_product
from app.catalog.read import Movement, ProductRow, VariantRow, movements_of
from app.core.errors import Conflict, Rejected
from app.merchants.take import take_shop
from app.web.api.answers import listed
from app.web.api.caller import Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.products import VariantOut, checked, version_tag, whole
from app.web.api.shapes import Amount, Asked, Form, Name, OneId, Out, Page

endpoints = Endpoints("variants and stock")
LIST = "stock-movements"

Id = Annotated[OneId, Path(examples=["var_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]
OfVariant = Annotated[Asked | None, Query(description="Only those of this variant.")]


class VariantPatch(Form):
    """What is to be different."""

    price: Amount | None = None
    active: bool | None = Field(default=None, description="On sale or not.")


class MovementForm(Form):
    """Pieces that came (`delta` above zero) or went, and why."""

    variant_id: OneId = Field(examples=["var_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    delta: int = Field(ge=-(10**9), le=10**9, examples=[20])
    reason: Name = Field(
        description="received, counted, damaged, … (`sold` and `opening` are the house's own)",
        examples=["received"],
    )


class MovementOut(Out):
    """One line of the stock book."""

    id: int = Field(examples=[42])
    variant_id: str = Field(examples=["var_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    delta: int = Field(examples=[20])
    reason: str = Field(examples=["received"])
    actor: str = Field(examples=["api:key_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    order_id: str | None = Field(examples=[None])
    at: datetime = Field(examples=["2026-11-02T03:00:00Z"])


class MovementPage(Page[MovementOut]):
    """Some lines of the stock book, the newest first."""


class MovedOut(Out):
    """The line, and what is on hand after it."""

    movement: MovementOut
    on_hand: int = Field(examples=[50])


@endpoints.get("/variants/{variant_id}", VariantOut, "catalog:read", etag=True)
async def get_variant(caller: Calling, variant_id: Id) -> Response:
    """One variant with its numbers on the shelf. Its ETag is its product's."""
    async with caller.read() as unit:
        product = await product_of_variant(unit, caller.shop_id, variant_id)
    variant = _one(product, variant_id)
    return caller.show(VariantOut.model_validate(variant), etag=version_tag(product))


@endpoints.write("PATCH", "/variants/{variant_id}", VariantOut, "catalog:write", etag=True)
async def update_variant(caller: Calling, variant_id: Id, patch: VariantPatch) -> Response:
    """A new price, or on sale or not. Orders that were placed keep their price."""
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        product = await product_of_variant(unit, caller.shop_id, variant_id, lock=True)
        caller.expect(version_tag(product))
        if not product.active:
            raise Conflict("Its product is off sale: put that on sale first.", code="off-sale")
        wanted = checked(_changed(product, _one(product, variant_id), patch))
        await put_product(unit, caller.shop_id, wanted, caller.name)
        product = await product_of_variant(unit, caller.shop_id, variant_id)
        shown = VariantOut.model_validate(_one(product, variant_id))
        return await caller.answer(unit, shown, etag=version_tag(product))


@endpoints.get("/stock-movements", MovementPage, "catalog:read")
async def list_stock_movements(
    caller: Calling, limit: Limit = 50, cursor: Cursor = None, variant_id: OfVariant = None
) -> Response:
    """The stock book, the newest line first: every piece that came or went, and why."""
    at = caller.position(LIST, cursor)
    async with caller.read() as unit:
        rows = await movements_of(
            unit, caller.shop_id, variant_id, before=int(at[0]) if at else None, limit=limit + 1
        )
    return listed(caller, LIST, MovementPage, MovementOut.model_validate, rows, limit)


@endpoints.write("POST", "/stock-movements", MovedOut, "catalog:write", status=201)
async def create_stock_movement(caller: Calling, form: MovementForm) -> Response:
    """Adds pieces or takes them away. What is kept for shoppers cannot be taken away."""
    if form.reason in ("sold", "opening", "returned"):
        raise Rejected(f"Only the house itself books '{form.reason}'.", code="movement")
    async with caller.write() as unit:
        await product_of_variant(unit, caller.shop_id, form.variant_id)
        on_hand = await move_stock(
            unit, caller.shop_id, form.variant_id, form.delta, form.reason, caller.name
        )
        book = await movements_of(unit, caller.shop_id, form.variant_id, limit=1)
        shown = MovedOut(movement=_line(book[0]), on_hand=on_hand)
        return await caller.answer(unit, shown, status=201)


def _line(row: Movement) -> MovementOut:
    return MovementOut.model_validate(row)


def _one(product: ProductRow, variant_id: str) -> VariantRow:
    return next(each for each in product.variants if each.id == variant_id)


def _changed(product: ProductRow, variant: VariantRow, patch: VariantPatch) -> ProductForm:
    """The whole product with this variant as it is to be."""
    form = whole(product)
    active = variant.active if patch.active is None else patch.active
    price = variant.price if patch.price is None else patch.price
    mine = VariantForm(variant.sku, price, variant.option_values, weight=variant.weight)
    others = [each for each in form.variants if each.sku != variant.sku]
    kept = [*others, mine] if active else others
    order = {each.sku: each.position for each in product.variants}
    kept.sort(key=lambda each: order[each.sku])
    return replace(form, variants=tuple(kept))
