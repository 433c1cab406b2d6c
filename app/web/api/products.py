"""Products with their options and variants: what the chat sells."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import Path, Query
from pydantic import Field
from starlette.responses import Response

from app.catalog.forms import ProductForm as Wanted
from app.catalog.forms import VariantForm as WantedVariant
from app.catalog.forms import product_complaints
from app.catalog.pages import page_of_products, product_by_id, slug_taken
from app.catalog.put import put_product, retire_product
from app.catalog.read import ProductRow
from app.core.catalogue import Option
from app.core.errors import Conflict
from app.merchants.take import take_shop
from app.web.api.answers import listed
from app.web.api.caller import Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.shapes import Amount, Form, Moment, Name, OneId, Out, Page, Slug, Text, Url, Words
from app.web.api.weblinks import check_link
from app.web.problems import BadForm

endpoints = Endpoints("products")
LIST = "products"

Id = Annotated[OneId, Path(examples=["prd_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]
Pieces = Annotated[int, Field(ge=0, le=10**9)]
OnSale = Annotated[bool | None, Query(description="Only those on sale (or only those off sale).")]


class OptionForm(Form):
    """A choice the product offers."""

    name: Words = Field(examples=[{"ko": "유약", "en": "Glaze"}])
    values: list[Name] = Field(min_length=1, max_length=100, examples=[["black", "white"]])
    labels: dict[Name, dict[str, Text]] = Field(
        default={},
        description="Value -> language -> how it is shown, when it differs from the value.",
        examples=[{"black": {"ko": "검정"}}],
    )


class VariantForm(Form):
    """One thing on the shelf: a value for each option, in their order."""

    sku: Name = Field(examples=["MUG-BLACK"])
    price: Amount
    values: list[Name] = Field(default=[], max_length=20, examples=[["black"]])
    stock: Pieces = Field(
        default=0, description="Opening stock of a new variant; later it is moved.", examples=[30]
    )
    weight: Pieces = Field(default=0, description="In grams.", examples=[350])


class ProductForm(Form):
    """A product to sell."""

    slug: Slug = Field(examples=["moon-mug"])
    title: Words
    description: Words = Field(default={}, examples=[{"en": "Fired in Icheon."}])
    image: Url | None = Field(default=None, examples=["https://shop.example/mug.jpg"])
    options: list[OptionForm] = Field(default=[], max_length=10)
    variants: list[VariantForm] = Field(min_length=1, max_length=200)


class ProductPatch(Form):
    """What is to be different. Lists are whole: variants left out of one are taken off sale."""

    title: Words | None = None
    description: Words | None = Field(default=None, examples=[{"en": "Fired in Icheon."}])
    image: Url | None = Field(
        default=None, description="null removes it.", examples=["https://shop.example/mug.jpg"]
    )
    options: list[OptionForm] | None = Field(default=None, max_length=10)
    variants: list[VariantForm] | None = Field(default=None, min_length=1, max_length=200)
    active: bool | None = Field(default=None, description="On sale or not.")


class OptionOut(Out):
    """A choice the product offers."""

    name: Words = Field(examples=[{"ko": "유약", "en": "Glaze"}])
    values: list[str] = Field(examples=[["black", "white"]])
    labels: dict[str, dict[str, str]] = Field(examples=[{"black": {"ko": "검정"}}])


class VariantOut(Out):
    """One thing on the shelf. `held` pieces are kept for shoppers; the rest is free."""

    id: str = Field(examples=["var_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    product_id: str = Field(examples=["prd_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    sku: str = Field(examples=["MUG-BLACK"])
    values: list[str] = Field(validation_alias="option_values", examples=[["black"]])
    price: Amount
    weight: int = Field(examples=[350])
    active: bool = Field(examples=[True])
    on_hand: int = Field(examples=[30])
    held: int = Field(examples=[2])


class ProductOut(Out):
    """A product. `version` goes up with every change but those of stock; it is the ETag."""

    id: str = Field(examples=["prd_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    slug: str = Field(examples=["moon-mug"])
    title: Words
    description: Words = Field(examples=[{"en": "Fired in Icheon."}])
    image: str | None = Field(examples=["https://shop.example/mug.jpg"])
    options: list[OptionOut]
    variants: list[VariantOut]
    active: bool = Field(examples=[True])
    version: int = Field(examples=[3])
    created_at: Moment
    updated_at: datetime = Field(examples=["2026-11-02T03:00:00Z"])


class ProductPage(Page[ProductOut]):
    """Some products, the newest first."""


@endpoints.get("/products", ProductPage, "catalog:read")
async def list_products(
    caller: Calling, limit: Limit = 50, cursor: Cursor = None, active: OnSale = None
) -> Response:
    """The shop's products, the newest first, those off sale included."""
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        rows = await page_of_products(unit, caller.shop_id, after, limit + 1, active=active)
    return listed(caller, LIST, ProductPage, ProductOut.model_validate, rows, limit)


@endpoints.write("POST", "/products", ProductOut, "catalog:write", status=201, etag=True)
async def create_product(caller: Calling, form: ProductForm) -> Response:
    """Puts a new product on sale. The chat sells it from the next message on."""
    check_link(caller, "image", form.image)
    wanted = _wanted(form)
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        if await slug_taken(unit, caller.shop_id, "product", form.slug):
            raise Conflict(f"There is a product called {form.slug}: change it.", code="slug-taken")
        put = await put_product(unit, caller.shop_id, wanted, caller.name)
        row = await product_by_id(unit, caller.shop_id, put.id)
        return await caller.answer(
            unit, ProductOut.model_validate(row), status=201, etag=version_tag(row),
            location=f"/api/v1/products/{row.id}",
        )  # fmt: skip


@endpoints.get("/products/{product_id}", ProductOut, "catalog:read", etag=True)
async def get_product(caller: Calling, product_id: Id) -> Response:
    """One product with its options and variants."""
    async with caller.read() as unit:
        row = await product_by_id(unit, caller.shop_id, product_id)
    return caller.show(ProductOut.model_validate(row), etag=version_tag(row))


@endpoints.write("PATCH", "/products/{product_id}", ProductOut, "catalog:write", etag=True)
async def update_product(caller: Calling, product_id: Id, patch: ProductPatch) -> Response:
    """Changes what the form names."""
    check_link(caller, "image", patch.image)
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        row = await product_by_id(unit, caller.shop_id, product_id, lock=True)
        caller.expect(version_tag(row))
        wanted = _patched(row, patch)
        if row.active or patch.active:
            await put_product(unit, caller.shop_id, wanted, caller.name)
        elif wanted != whole(row):
            raise Conflict(
                "The product is off sale: put it on sale in the same change.", code="off-sale"
            )
        if patch.active is False:
            await retire_product(unit, caller.shop_id, row.slug)
        row = await product_by_id(unit, caller.shop_id, product_id)
        return await caller.answer(unit, ProductOut.model_validate(row), etag=version_tag(row))


@endpoints.write("DELETE", "/products/{product_id}", ProductOut, "catalog:write", etag=True)
async def delete_product(caller: Calling, product_id: Id) -> Response:
    """Takes the product off sale. It stays readable, since orders go on naming it."""
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        row = await product_by_id(unit, caller.shop_id, product_id, lock=True)
        caller.expect(version_tag(row))
        await retire_product(unit, caller.shop_id, row.slug)
        row = await product_by_id(unit, caller.shop_id, product_id)
        return await caller.answer(unit, ProductOut.model_validate(row), etag=version_tag(row))


def version_tag(row: ProductRow) -> str:
    """The product's version as an ETag."""
    return f'"{row.version}"'


def whole(row: ProductRow) -> Wanted:
    """The product as a form; of one off sale, with all variants it had."""
    variants = [each for each in row.variants if each.active or not row.active]
    return Wanted(
        slug=row.slug,
        title=row.title,
        description=row.description,
        image=row.image,
        options=row.options,
        variants=tuple(
            WantedVariant(
                sku=each.sku, price=each.price, values=each.option_values, weight=each.weight
            )
            for each in variants
        ),
    )


def checked(wanted: Wanted) -> Wanted:
    """The form; raises `BadForm` with each field that has to be mended."""
    complaints = list(product_complaints(wanted))
    if complaints:
        raise BadForm(complaints)
    return wanted


def _wanted(form: ProductForm) -> Wanted:
    return checked(msgspec.convert(form.model_dump(), Wanted))


def _patched(row: ProductRow, patch: ProductPatch) -> Wanted:
    given = patch.model_dump(exclude_unset=True, exclude={"active"})
    news = {name: value for name, value in given.items() if value is not None or name == "image"}
    if "options" in news:
        news["options"] = msgspec.convert(news["options"], tuple[Option, ...])
    if "variants" in news:
        news["variants"] = msgspec.convert(news["variants"], tuple[WantedVariant, ...])
    return checked(msgspec.structs.replace(whole(row), **news))
