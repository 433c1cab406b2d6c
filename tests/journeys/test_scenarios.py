"""The golden conversations, played through the whole town in every language, on both engines."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from app.catalog.read import load_shop
from app.core.catalogue import Campaign, Product, Shop
from app.core.clock import FixedClock
from app.merchants.read import shop_at
from app.outbox.models import outbox
from tests.core.hanok import START, STOCK, hanok
from tests.core.player import SKUS, scenarios
from tests.journeys.scenario_player import opened, shop_of
from tests.journeys.town import town


@pytest.mark.parametrize(("name", "language"), scenarios())
async def test_scenario(name, language, database_url: str, tmp_path: Path):
    async with opened(name, language, database_url, tmp_path) as player:
        await player.play()
        assert player.paying == player.script.get("answers", player.paying)
        assert player.here.instagram.refused == []
        assert await player.here.audit() == {}


async def test_a_phone_that_shows_something_else_is_seen(database_url: str, tmp_path: Path):
    async with opened("new-names-variant", "en", database_url, tmp_path) as player:
        player.script["play"]["en"][1]["bot"]["has"] = ["Sun mug"]
        with pytest.raises(AssertionError, match="not said: Sun mug"):
            await player.play()


AFTERWARDS = [
    {"say": "#moonmug black"},
    {"pay": "placed"},
    {"money": "paid"},
    {"bot": {"messages": 1, "has": ["Paid, thank you!"], "buttons": ["My orders", "Shop more"]}},
    {"pay": "paid"},
    {"bot": {"messages": 0}},
    {"money": "shipped"},
    {"bot": {"messages": 1, "has": ["123-456"]}},
    {"money": "refunded"},
    {"bot": {"messages": 1, "has": ["₩18,000"]}},
]


async def test_what_comes_after_the_payment(database_url: str, tmp_path: Path):
    play = {"en": AFTERWARDS}
    async with opened("known-from-chat", "en", database_url, tmp_path, play=play) as player:
        await player.play()
        assert player.here.instagram.refused == []
        assert await player.here.audit() == {}


async def test_who_buys_from_a_comment_alone_is_told_by_the_page(database_url: str, tmp_path: Path):
    """Express, in a chat that may not be written to: the receipt is kept back by its rule."""
    async with opened("express", "en", database_url, tmp_path, chat="closed") as player:
        steps = player.script["play"]["en"]
        assert steps[-1] == {"bot": {"messages": 1}}
        steps[-1] = {"bot": {"messages": 0}}
        await player.play()
        here = player.here
        assert [order["state"] for order in await here.orders()] == ["paid", "paid"]
        async with here.dangol.engine.read() as unit:
            receipts = select(outbox.c.status, outbox.c.rule).where(outbox.c.purpose == "receipt")
            rows = await unit.rows(receipts.order_by(outbox.c.id))
        assert [tuple(row) for row in rows] == [("sent", None), ("refused", "window")]
        assert here.instagram.refused == []
        assert await here.audit() == {}


def by_name(shop: Shop) -> dict[str, object]:
    """What a shop is, without the ids that the database gave."""
    names = {product.id: product.slug for product in shop.products.values()}
    return {
        **msgspec.structs.asdict(msgspec.structs.replace(shop, id="", version=0)),
        "products": [_nameless(product) for product in shop.products.values()],
        "campaigns": {one.slug: _called(one, names) for one in shop.campaigns},
    }


def _nameless(product: Product) -> Product:
    variants = tuple(msgspec.structs.replace(one, id="") for one in product.variants)
    return msgspec.structs.replace(product, id="", variants=variants)


def _called(campaign: Campaign, names: dict[str, str]) -> Campaign:
    sold = tuple(names[one] for one in campaign.product_ids)
    return msgspec.structs.replace(campaign, id="", product_ids=sold)


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_shop_is_the_one_that_the_pure_dialog_plays_in(
    language, database_url: str, tmp_path: Path
):
    file = shop_of({}, language)
    async with (
        town(database_url, tmp_path, FixedClock(START), shop=file) as here,
        here.dangol.engine.read() as unit,
    ):
        row = await shop_at(unit, "hanok")
        assert row is not None
        shop = await load_shop(unit, row.id)
    assert by_name(shop) == by_name(hanok(language))
    stock = {one["sku"]: one["stock"] for each in file["products"] for one in each["variants"]}
    assert stock == {sku: STOCK[variant_id] for sku, variant_id in SKUS.items()}
