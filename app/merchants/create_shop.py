"""Making a shop, and changing what it says of itself."""

from __future__ import annotations

import msgspec

from app.core.errors import Conflict, NotFound
from app.db.unit import Unit
from app.merchants import store
from app.merchants.settings import ShopSettings


class ShopForm(msgspec.Struct, frozen=True):
    """What a shop is; `slug` is its name in addresses and never changes."""

    slug: str
    name: str
    locale: str = "ko"
    currency: str = "KRW"
    country: str = "KR"
    timezone: str = "Asia/Seoul"
    settings: ShopSettings = ShopSettings()


async def create_shop(unit: Unit, form: ShopForm) -> str:
    """A new shop; its id. Raises `Conflict` when the slug is taken."""
    shop_id = unit.ids.new("shp", unit.now)
    values = _columns(form) | {
        "id": shop_id,
        "slug": form.slug,
        "catalog_version": 1,
        "created_at": unit.now,
    }
    if not await store.insert_shop(unit, values):
        raise Conflict(f"There is a shop called {form.slug} already.", code="shop-exists")
    return shop_id


async def update_shop(unit: Unit, shop_id: str, form: ShopForm) -> None:
    """Puts the form in place of what the shop says of itself; a new catalogue version."""
    if await store.update_shop(unit, shop_id, _columns(form)) == 0:
        raise NotFound("There is no such shop.")
    await store.bump_version(unit, shop_id)


async def lock_shop(unit: Unit, shop_id: str) -> None:
    """Waits until nobody else writes this shop's catalogue, and keeps others waiting."""
    if not await store.lock_shop(unit, shop_id):
        raise NotFound("There is no such shop.")


async def bump_version(unit: Unit, shop_id: str) -> int:
    """A new catalogue version, so that no worker goes on with an old snapshot."""
    version = await store.bump_version(unit, shop_id)
    if version is None:
        raise NotFound("There is no such shop.")
    return version


def _columns(form: ShopForm) -> dict[str, object]:
    return {
        "name": form.name,
        "locale": form.locale,
        "currency": form.currency,
        "country": form.country,
        "timezone": form.timezone,
        "settings": form.settings,
    }
