"""Shops to test with: a plain form, and a shop file that a test changes in one place."""

from __future__ import annotations

import copy
from typing import Any

from app.core.catalogue import Membership, ShippingRate, Tier
from app.db.unit import Unit
from app.merchants.create_shop import ShopForm, create_shop
from app.merchants.settings import ShopSettings

MEMBERSHIP = Membership(1, (Tier("green", 0), Tier("gold", 300_000)))
PARCEL = ShippingRate("parcel", {"ko": "택배", "en": "Parcel"}, 3000, 50_000, ("KR",))

FILE: dict[str, Any] = {
    "shop": {"slug": "hanok", "name": "한옥 커피"},
    "channels": [
        {
            "channel": "instagram",
            "account": "17841400000000001",
            "app_secret": "${IG_APP_SECRET}",
            "access_token": "${IG_TOKEN}",
        }
    ],
    "products": [
        {
            "slug": "moon-mug",
            "title": {"ko": "달항아리 머그", "en": "Moon mug"},
            "options": [{"name": {"ko": "색", "en": "Colour"}, "values": ["black", "white"]}],
            "variants": [
                {"sku": "MM-BK", "values": ["black"], "price": 15_000, "stock": 12},
                {"sku": "MM-WH", "values": ["white"], "price": 15_000, "stock": 8},
            ],
        },
        {
            "slug": "filter",
            "title": "삼베 필터",
            "variants": [{"sku": "SF-2", "price": 9000, "stock": 30}],
        },
    ],
    "campaigns": [{"slug": "moonmug", "hashtag": "#moonmug", "products": ["moon-mug"]}],
    "shipping": [{"name": {"ko": "택배"}, "price": 3000, "free_over": 50_000}],
    "payments": [{"provider": "sandbox"}],
    "membership": {
        "earn_percent": 1,
        "tiers": [{"name": "green", "from": 0}, {"name": "gold", "from": 300_000}],
    },
}
ENVIRONMENT = {"IG_APP_SECRET": "the-app-secret", "IG_TOKEN": "the-token"}


def shop_file() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(FILE)


async def open_shop(unit: Unit, slug: str = "hanok", **settings: Any) -> str:
    """A shop with the usual rules; its id."""
    rules: dict[str, Any] = {
        "payments": ("sandbox",),
        "shipping": (PARCEL,),
        "membership": MEMBERSHIP,
    } | settings
    return await create_shop(unit, ShopForm(slug, "한옥 커피", settings=ShopSettings(**rules)))
