"""The shop itself: what it is called and the rules it made for itself."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

import msgspec
from pydantic import AfterValidator, Field
from starlette.responses import Response

from app.core.errors import NotFound
from app.merchants.create_shop import ShopForm, update_shop
from app.merchants.read import ShopRow, shop_by_id
from app.merchants.settings import ShopSettings
from app.merchants.take import take_shop
from app.web.api.answers import etag_of
from app.web.api.caller import Caller, Calling
from app.web.api.endpoints import Endpoints
from app.web.api.shapes import Amount, Country, Form, Language, Name, Out, Words
from app.web.problems import BadForm

endpoints = Endpoints("shop")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone; write it like Asia/Seoul")
    return name


Zone = Annotated[str, AfterValidator(_zone), Field(examples=["Asia/Seoul"])]
Wording = Annotated[
    dict[Language, dict[Name, Annotated[str, Field(max_length=2000)]]],
    Field(
        description="Language -> message key -> the shop's own words.",
        examples=[{"en": {"greeting.hello": "Hi {name}!"}}],
    ),
]


class ShippingForm(Form):
    """A way of delivery. No countries = everywhere."""

    id: Name = Field(examples=["parcel"])
    name: Words = Field(examples=[{"ko": "택배", "en": "Parcel"}])
    price: Amount = Field(examples=[3000])
    free_over: Amount | None = Field(default=None, examples=[50000])
    countries: list[Country] = Field(default=[], examples=[["KR"]])


class TierForm(Form):
    """A membership level, reached at `threshold` minor units of lifetime spending."""

    name: Name = Field(examples=["gold"])
    threshold: Amount = Field(examples=[300000])


class MembershipForm(Form):
    """How the shop rewards its regulars."""

    earn_percent: int = Field(default=0, ge=0, le=100, examples=[1])
    tiers: list[TierForm] = Field(default=[], max_length=50)
    built_in: bool = True


class SettingsForm(Form):
    """What is to be different; what is left out stays."""

    payments: list[Name] | None = Field(default=None, examples=[["sandbox"]])
    shipping: list[ShippingForm] | None = Field(default=None, max_length=50)
    membership: MembershipForm | None = None
    hold_minutes: int | None = Field(default=None, ge=1, le=24 * 60, examples=[15])
    max_quantity: int | None = Field(default=None, ge=1, le=1000, examples=[20])
    ask_email: bool | None = None
    person_minutes: int | None = Field(default=None, ge=1, le=24 * 60, examples=[30])
    wording: Wording | None = None


class ShopPatch(Form):
    """What is to be different; what is left out stays. Slug and currency never change."""

    name: Name | None = Field(default=None, examples=["Hanok Coffee"])
    locale: Language | None = Field(default=None, examples=["ko"])
    country: Country | None = Field(default=None, examples=["KR"])
    timezone: Zone | None = None
    settings: SettingsForm | None = None


class ShippingOut(Out):
    """A way of delivery."""

    id: str = Field(examples=["parcel"])
    name: Words = Field(examples=[{"ko": "택배", "en": "Parcel"}])
    price: Amount = Field(examples=[3000])
    free_over: int | None = Field(examples=[50000])
    countries: list[str] = Field(examples=[["KR"]])


class TierOut(Out):
    """A membership level."""

    name: str = Field(examples=["gold"])
    threshold: int = Field(examples=[300000])


class MembershipOut(Out):
    """How the shop rewards its regulars."""

    earn_percent: int = Field(examples=[1])
    tiers: list[TierOut]
    built_in: bool = Field(examples=[True])


class SettingsOut(Out):
    """The rules of the shop."""

    payments: list[str] = Field(examples=[["sandbox"]])
    shipping: list[ShippingOut]
    membership: MembershipOut | None
    hold_minutes: int = Field(examples=[15])
    max_quantity: int = Field(examples=[20])
    ask_email: bool = Field(examples=[True])
    person_minutes: int = Field(examples=[30])
    wording: dict[str, dict[str, str]] = Field(examples=[{}])


class ShopOut(Out):
    """A shop. `catalog_version` goes up with every change the chat can see."""

    id: str = Field(examples=["shp_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    slug: str = Field(examples=["hanok"])
    name: str = Field(examples=["한옥 커피"])
    locale: str = Field(examples=["ko"])
    currency: str = Field(examples=["KRW"])
    country: str = Field(examples=["KR"])
    timezone: str = Field(examples=["Asia/Seoul"])
    catalog_version: int = Field(examples=[12])
    settings: SettingsOut


@endpoints.get("/shop", ShopOut, "settings:read", etag=True)
async def get_shop(caller: Calling) -> Response:
    """The shop of this key."""
    async with caller.read() as unit:
        row = await shop_by_id(unit, caller.shop_id)
    if row is None:
        raise NotFound("There is no such shop.", code="no-shop")
    return caller.show(ShopOut.model_validate(row), etag=_etag(row))


@endpoints.write("PATCH", "/shop", ShopOut, "settings:write", etag=True)
async def update_shop_settings(caller: Calling, patch: ShopPatch) -> Response:
    """Changes what the form names. The chat follows from the next message on."""
    if patch.settings is not None:
        _check(caller, patch.settings)
    async with caller.write() as unit:
        row = await take_shop(unit, caller.shop_id)
        caller.expect(_etag(row))
        form = _merged(row, patch)
        if form != _form(row):
            await update_shop(unit, row.id, form)
            row = await take_shop(unit, caller.shop_id)
        return await caller.answer(unit, ShopOut.model_validate(row), etag=_etag(row))


def _check(caller: Caller, settings: SettingsForm) -> None:
    """What one field alone cannot see."""
    complaints = [
        ("settings.payments", f"there is no provider called {name}")
        for name in settings.payments or []
        if f"pay:{name}" not in caller.context.gateways
    ]
    lists = {
        "settings.payments": settings.payments or [],
        "settings.shipping": [one.id for one in settings.shipping or []],
        "settings.membership.tiers": [
            one.name for one in (settings.membership.tiers if settings.membership else [])
        ],
    }
    for field, names in lists.items():
        complaints += [(field, f"{name} is there twice") for name in names if names.count(name) > 1]
    if complaints:
        raise BadForm(dict.fromkeys(complaints))


def _form(row: ShopRow) -> ShopForm:
    return ShopForm(
        slug=row.slug, name=row.name, locale=row.locale, currency=row.currency,
        country=row.country, timezone=row.timezone, settings=row.settings,
    )  # fmt: skip


def _merged(row: ShopRow, patch: ShopPatch) -> ShopForm:
    given = patch.model_dump(exclude_unset=True)
    settings = given.pop("settings", None) or {}
    # Only `membership` may be null (no programme); elsewhere null says nothing.
    news = {k: v for k, v in settings.items() if v is not None or k == "membership"}
    old = msgspec.to_builtins(row.settings)
    if news.get("membership"):
        news["membership"]["tiers"].sort(key=lambda tier: tier["threshold"])
    own = {name: value for name, value in given.items() if value is not None}
    merged = msgspec.convert(old | news, ShopSettings)
    return msgspec.structs.replace(_form(row), **own, settings=merged)


def _etag(row: ShopRow) -> str:
    """Of what this resource says alone: a product sold or changed is no change of it."""
    return etag_of(_form(row))
