"""A shop written out in the form of its file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from app.catalog.read import CampaignRow, ProductRow, campaigns_of, products_of
from app.catalog.shopaccounts import STORE, pay_channel
from app.core.catalogue import Membership, ShippingRate
from app.db.unit import Unit
from app.merchants.read import AccountRow, ShopRow, accounts_of
from app.merchants.settings import ShopSettings

SHOP_SETTINGS = ("hold_minutes", "max_quantity", "ask_email", "person_minutes", "wording")
PLAIN = ShopSettings()


async def exported(unit: Unit, shop: ShopRow) -> dict[str, Any]:
    """The file that `apply_shop` would find nothing to change with."""
    accounts = await accounts_of(unit, shop.id)
    products = [each for each in await products_of(unit, shop.id) if each.active]
    slugs = {each.id: each.slug for each in products}
    campaigns = [each for each in await campaigns_of(unit, shop.id) if each.active]
    own = {name: getattr(shop, name) for name in _SHOP} | {
        name: getattr(shop.settings, name)
        for name in SHOP_SETTINGS
        if getattr(shop.settings, name) != getattr(PLAIN, name)
    }
    return {
        "shop": own,
        "channels": list(_channels(shop, accounts)),
        "products": [_product(each) for each in products],
        "campaigns": [
            _campaign(each, slugs, shop.timezone)
            for each in campaigns
            if slugs.keys() & set(each.product_ids)
        ],
        "shipping": [_rate(each) for each in shop.settings.shipping],
        "payments": [_payment(shop, each, accounts) for each in shop.settings.payments],
    } | _membership(shop, shop.settings.membership, accounts)


_SHOP = ("slug", "name", "locale", "currency", "country", "timezone")


def variable(*parts: str) -> str:
    """The name of an environment variable for a secret: `${HANOK_INSTAGRAM_APP_SECRET}`."""
    return "${" + re.sub(r"[^A-Za-z0-9]+", "_", "_".join(parts)).upper() + "}"


def _channels(shop: ShopRow, accounts: Iterable[AccountRow]) -> Iterable[dict[str, Any]]:
    channels = [each for each in accounts if ":" not in each.channel]
    count = Counter(each.channel for each in channels)
    for each in channels:
        which = (each.channel, each.external_id) if count[each.channel] > 1 else (each.channel,)
        yield _given(
            {"channel": each.channel, "account": each.external_id, "api_url": each.api_url}
        ) | {name: variable(shop.slug, *which, name) for name in each.secret_names}


def _payment(shop: ShopRow, provider: str, accounts: Iterable[AccountRow]) -> dict[str, Any]:
    part: dict[str, Any] = {"provider": provider}
    for each in accounts:
        if each.channel == pay_channel(provider):
            part |= _given({"api_url": each.api_url})
            part |= {name: variable(shop.slug, "pay", provider, name) for name in each.secret_names}
    return part


def _membership(
    shop: ShopRow, membership: Membership | None, accounts: Iterable[AccountRow]
) -> dict[str, Any]:
    if membership is None:
        return {}
    part: dict[str, Any] = {
        "earn_percent": membership.earn_percent,
        "built_in": membership.built_in,
        "tiers": [{"name": each.name, "from": each.threshold} for each in membership.tiers],
    }
    for each in accounts:
        if each.channel == STORE:
            part["hand_off"] = {"url": each.api_url} | {
                name: variable(shop.slug, "store", name) for name in each.secret_names
            }
    return {"membership": part}


def _product(row: ProductRow) -> dict[str, Any]:
    options = [
        _given({"name": each.name, "values": list(each.values), "labels": each.labels})
        for each in row.options
    ]
    variants = [
        _given(
            {
                "sku": each.sku,
                "values": list(each.option_values),
                "price": each.price,
                "stock": each.on_hand,
                "weight": each.weight or None,
            }
        )
        for each in row.variants
        if each.active
    ]
    return _given(
        {
            "slug": row.slug,
            "title": row.title,
            "description": row.description,
            "image": row.image,
            "options": options,
            "variants": variants,
        }
    )


def _campaign(row: CampaignRow, slugs: dict[str, str], timezone: str) -> dict[str, Any]:
    zone = ZoneInfo(timezone)
    return _given(
        {
            "slug": row.slug,
            "hashtag": row.hashtag,
            "products": [slugs[each] for each in row.product_ids if each in slugs],
            "starts": row.starts.astimezone(zone) if row.starts else None,
            "ends": row.ends.astimezone(zone) if row.ends else None,
            "public_reply": row.public_reply,
            "express": row.express or None,
        }
    )


def _rate(rate: ShippingRate) -> dict[str, Any]:
    return _given(
        {
            "slug": rate.id,
            "name": rate.name,
            "price": rate.price,
            "free_over": rate.free_over,
            "countries": list(rate.countries),
        }
    )


def _given(part: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: the file says only what its reader would miss."""
    return {name: value for name, value in part.items() if value not in (None, [], {})}
