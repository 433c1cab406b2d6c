"""A shop as a file: applied twice it changes nothing, and no secret is lost or shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from app.catalog.hold import hold_stock
from app.catalog.move import move_stock
from app.catalog.read import ShopCache, campaigns_of, load_shop, products_of
from app.catalog.shopfile import apply_shop, export_shop
from app.catalog.shopread import BadShopFile
from app.core.errors import Conflict, NotFound
from app.merchants.read import account_at, accounts_of, shop_at
from tests.conftest import START
from tests.factories.catalog import sound
from tests.factories.shops import ENVIRONMENT, shop_file

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "hanok.yaml"


async def apply(engine, data, environment=ENVIRONMENT, **how):
    async with engine.write() as unit:
        return await apply_shop(unit, data, environment, **how)


async def export(engine):
    async with engine.read() as unit:
        return await export_shop(unit, "hanok")


async def instagram(engine):
    async with engine.read() as unit:
        return await account_at(unit, "instagram", "17841400000000001")


async def complaints(engine, data, environment=ENVIRONMENT, **how):
    with pytest.raises(BadShopFile) as caught:
        await apply(engine, data, environment, **how)
    return dict(caught.value.complaints)


async def test_a_file_becomes_a_shop(engine):
    applied = await apply(engine, shop_file())
    assert applied.created
    assert applied.version == 1
    async with engine.read() as unit:
        shop = await load_shop(unit, applied.shop_id)
        assert await sound(unit)
    assert (shop.slug, shop.locale, shop.currency, shop.payments) == (
        "hanok", "ko", "KRW", ("sandbox",),
    )  # fmt: skip
    mug, paper = shop.products.values()
    assert [(one.sku, one.values, one.price) for one in mug.variants] == [
        ("MM-BK", ("black",), 15_000),
        ("MM-WH", ("white",), 15_000),
    ]
    assert paper.title == {"ko": "삼베 필터"}
    assert shop.campaigns[0].product_ids == (mug.id,)
    assert [(rate.id, rate.free_over) for rate in shop.shipping] == [("택배", 50_000)]
    assert shop.membership is not None
    assert [tier.threshold for tier in shop.membership.tiers] == [0, 300_000]


async def test_applied_twice_nothing_changes(engine):
    first = await apply(engine, shop_file())
    again = await apply(engine, shop_file())
    assert (again.changes, again.version, again.created) == ((), first.version, False)


async def test_the_example_is_a_shop(engine):
    data = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    first = await apply(engine, data, {}, production=False)
    assert (await apply(engine, data, {})).changes == ()
    async with engine.read() as unit:
        shop = await load_shop(unit, first.shop_id)
        live = [one for one in shop.campaigns if one.starts is None or one.starts <= START]
    assert {len(product.options) for product in shop.products.values()} == {0, 1, 2}
    assert len(live) == 2
    assert all(product.title.keys() == {"ko", "en"} for product in shop.products.values())


async def test_changes_are_told_and_make_one_new_version(engine):
    await apply(engine, shop_file())
    data = shop_file()
    data["shop"]["name"] = "한옥"
    data["products"][0]["variants"][0]["price"] = 16_000
    data["campaigns"][0]["hashtag"] = "#달머그"
    applied = await apply(engine, data)
    assert applied.changes == (
        "shop hanok: name",
        "variant MM-BK: price 15000 → 16000",
        "campaign moonmug: hashtag",
    )
    assert applied.version == 2


async def test_stock_in_the_file_is_for_a_new_variant_only(engine):
    first = await apply(engine, shop_file())
    async with engine.write() as unit:
        black = (await products_of(unit, first.shop_id))[0].variants[0].id
        await move_stock(unit, first.shop_id, black, -5, "counted", "mina")
        await hold_stock(unit, first.shop_id, "lane", [(black, 2)], START)
    data = shop_file()
    data["products"][0]["variants"][0] |= {"stock": 100, "price": 16_000}
    data["products"][0]["options"][0]["values"].append("celadon")
    data["products"][0]["variants"].append(
        {"sku": "MM-CE", "values": ["celadon"], "price": 18_000, "stock": 3}
    )
    await apply(engine, data)
    async with engine.read() as unit:
        mug = (await products_of(unit, first.shop_id))[0]
        assert [(one.sku, one.on_hand, one.held) for one in mug.variants] == [
            ("MM-BK", 7, 2),
            ("MM-WH", 8, 0),
            ("MM-CE", 3, 0),
        ]
        assert await sound(unit)


async def test_what_the_file_leaves_out_goes_off_sale_and_comes_back(engine):
    first = await apply(engine, shop_file())
    data = shop_file()
    del data["products"][0]["variants"][1], data["products"][1]
    applied = await apply(engine, data)
    assert applied.changes == ("product filter: off sale", "variant MM-WH: off sale")
    async with engine.read() as unit:
        shop = await load_shop(unit, first.shop_id)
        [mug] = shop.products.values()
        assert [one.active for one in mug.variants] == [True, False]
    data["products"], data["campaigns"] = shop_file()["products"][1:], []
    assert "campaign moonmug: ended" in (await apply(engine, data)).changes
    await apply(engine, shop_file())
    async with engine.read() as unit:
        rows = await products_of(unit, first.shop_id)
        assert [[one.on_hand for one in row.variants] for row in rows] == [[12, 8], [30]]
        assert [row.active for row in await campaigns_of(unit, first.shop_id)] == [True]


async def test_a_sku_may_move_to_another_product(engine):
    first = await apply(engine, shop_file())
    data = shop_file()
    moved = data["products"][0]["variants"].pop()
    moved["values"] = []
    data["products"][1]["variants"] = [moved]
    await apply(engine, data)
    async with engine.read() as unit:
        _, paper = await products_of(unit, first.shop_id)
        assert [(one.sku, one.on_hand) for one in paper.variants if one.active] == [("MM-WH", 8)]
        assert await sound(unit)


async def test_secrets_go_in_sealed_and_come_out_as_names(engine):
    await apply(engine, shop_file())
    account = await instagram(engine)
    assert account.secrets == {"app_secret": "the-app-secret", "access_token": "the-token"}
    data = await export(engine)
    assert data["channels"] == [
        {
            "channel": "instagram",
            "account": "17841400000000001",
            "access_token": "${HANOK_INSTAGRAM_ACCESS_TOKEN}",
            "app_secret": "${HANOK_INSTAGRAM_APP_SECRET}",
        }
    ]
    assert "the-token" not in yaml.safe_dump(data)


async def test_what_is_written_out_can_be_applied(engine):
    await apply(engine, yaml.safe_load(EXAMPLE.read_text("utf-8")), {})
    before = await export(engine)
    written = yaml.safe_dump(before, allow_unicode=True, sort_keys=False)
    applied = await apply(engine, yaml.safe_load(written), {})
    assert applied.changes == ()
    assert await export(engine) == before
    assert (await instagram(engine)).secrets["access_token"] == "demo-access-token"


async def test_without_the_secret_the_stored_one_stays(engine):
    await apply(engine, shop_file())
    assert (await apply(engine, shop_file(), {})).changes == ()
    assert (await instagram(engine)).secrets["app_secret"] == "the-app-secret"


async def test_a_secret_that_is_nowhere_is_asked_for(engine):
    assert await complaints(engine, shop_file(), {"IG_TOKEN": "t"}) == {
        "channels[0].app_secret": (
            "set IG_APP_SECRET in the environment, or write the value: none is stored"
        )
    }
    async with engine.read() as unit:
        assert await shop_at(unit, "hanok") is None


async def test_a_token_is_not_sent_to_a_new_address_by_itself(engine):
    await apply(engine, shop_file())
    data = shop_file()
    data["channels"][0]["api_url"] = "http://127.0.0.1:9001/"
    assert "channels[0].access_token" in await complaints(engine, data, {})
    await apply(engine, data)
    account = await instagram(engine)
    assert (account.api_url, account.secrets["access_token"]) == (
        "http://127.0.0.1:9001", "the-token",
    )  # fmt: skip


async def test_a_provider_and_a_store_get_accounts_of_the_shops_name(engine):
    data = shop_file()
    data["membership"]["hand_off"] = {"url": "https://crm.example/in", "secret": "whsec_x"}
    first = await apply(engine, data)
    async with engine.read() as unit:
        sandbox = await account_at(unit, "pay:sandbox", "hanok")
        store = await account_at(unit, "store:webhook", "hanok")
    assert sandbox is not None
    assert store is not None
    assert len(sandbox.secrets["api_key"]) > 50
    assert (store.api_url, store.secrets) == (
        "https://crm.example/in", {"secret": "whsec_x"},
    )  # fmt: skip
    assert (await apply(engine, await export(engine), {})).changes == ()
    applied = await apply(engine, shop_file())
    assert applied.changes == ("account store:webhook hanok: disconnected",)
    data = shop_file() | {"payments": []}
    await apply(engine, data)
    async with engine.read() as unit:
        kept = {row.channel for row in await accounts_of(unit, first.shop_id)}
    assert kept == {"instagram", "pay:sandbox"}  # old orders may still be refunded


async def test_another_shops_account_is_not_taken(engine):
    await apply(engine, shop_file())
    data = shop_file()
    data["shop"]["slug"] = "other"
    with pytest.raises(Conflict, match="another shop"):
        await apply(engine, data)
    async with engine.read() as unit:
        assert await shop_at(unit, "other") is None


def broken(data, path, value):
    *way, last = path
    for step in way:
        data = data[step]
    data[last] = value


@pytest.mark.parametrize(
    ("path", "value", "place", "advice"),
    [
        (["shop", "slug"], "Hanok!", "shop.slug", "small letters"),
        (["shop", "locale"], "xx-Nope", "shop.locale", "not a language"),
        (["shop", "currency"], "WON", "shop.currency", "ISO 4217"),
        (["shop", "timezone"], "Seoul", "shop.timezone", "Asia/Seoul"),
        (["shop", "hold_minute"], 5, "shop.hold_minute", "typing error"),
        (["shop", "hold_minutes"], 0, "shop.hold_minutes", "greater than or equal to 1"),
        (["shop", "name"], None, "shop.name", "in quotes"),
        (["products"], "mug", "products", "must be a list"),
        (["products", 0, "slug"], "Moon Mug", "products[0].slug", "hyphens"),
        (["products", 0, "title"], {}, "products[0].title", "give it a title"),
        (["products", 0, "variants"], [], "products[0].variants", "1 to 200"),
        (["products", 0, "variants", 0, "price"], "15000",
         "products[0].variants[0].price", "without quotes"),
        (["products", 0, "variants", 0, "price"], -1, "products[0].variants[0].price", "0"),
        (["products", 0, "variants", 0, "values"], ["red"],
         "products[0].variants[0].values[0]", "black, white"),
        (["products", 0, "variants", 0, "values"], [10],
         "products[0].variants[0].values[0]", "in quotes"),
        (["products", 0, "variants", 0, "values"], [], "products[0].variants[0].values",
         "name 1 values"),
        (["products", 0, "variants", 0, "values"], ["white"], "products[0].variants",
         "are the same"),
        (["products", 1, "variants", 0, "sku"], "MM-BK", "products[].variants[].sku", "twice"),
        (["products", 1, "slug"], "moon-mug", "products", "twice"),
        (["products", 0, "options", 0, "values"], [], "products[0].options[0].values", "at least"),
        (["products", 0, "image"], "mug.png", "products[0].image", "https://"),
        (["campaigns", 0, "hashtag"], "moonmug", "campaigns[0].hashtag", "with #"),
        (["campaigns", 0, "hashtag"], "#moon mug", "campaigns[0].hashtag", "without blanks"),
        (["campaigns", 0, "products"], ["cup"], "campaigns[0].products[0]", "no product 'cup'"),
        (["campaigns", 0, "products"], [], "campaigns[0].products", "at least one"),
        (["campaigns", 0, "starts"], "soon", "campaigns[0].starts", "valid"),
        (["shipping", 0, "countries"], ["Korea"], "shipping[0].countries[0]", "[A-Z]{2}"),
        (["shipping", 0, "price"], 3.5, "shipping[0].price", "whole number"),
        (["channels", 0, "account"], 17841400000000001, "channels[0].account", "in quotes"),
        (["channels", 0, "verify_token"], 123, "channels[0].verify_token", "in quotes"),
        (["payments", 0, "provider"], "${PROVIDER}", "payments[0].provider", "set PROVIDER"),
        (["membership", "earn_percent"], 101, "membership.earn_percent", "less than or equal"),
        (["membership", "hand_off"], {"url": "https://x.example"},
         "membership.hand_off.secret", "none is stored"),
    ],
)  # fmt: skip
async def test_a_mistake_is_named_with_its_place(engine, path, value, place, advice):
    data = shop_file()
    broken(data, path, value)
    found = await complaints(engine, data)
    assert place in found, found
    assert advice in found[place]


async def test_all_mistakes_are_named_at_once(engine):
    data = shop_file()
    data["shop"]["currency"] = "WON"
    data["products"][0]["variants"][0]["price"] = "much"
    data["chanels"] = []
    del data["campaigns"][0]["products"]
    assert set(await complaints(engine, data)) == {
        "shop.currency", "products[0].variants[0].price", "chanels", "campaigns[0].products",
    }  # fmt: skip


@pytest.mark.parametrize("data", [None, [], "shop", 3, {}])
async def test_what_is_no_shop_file_says_so(engine, data):
    assert await complaints(engine, data)


async def test_the_currency_of_a_shop_stays(engine):
    await apply(engine, shop_file())
    data = shop_file()
    data["shop"]["currency"] = "USD"
    assert "stays KRW" in (await complaints(engine, data))["shop.currency"]


async def test_production_wants_https(engine):
    data = shop_file()
    data["channels"][0]["api_url"] = "http://127.0.0.1:9001"
    found = await complaints(engine, data, production=True)
    assert found == {"channels[0].api_url": "must begin with https:// in production"}


async def test_a_day_begins_where_the_shop_is(engine):
    data = shop_file()
    data["campaigns"][0] |= {"starts": date(2026, 11, 1), "ends": datetime(2026, 12, 1, 9)}  # noqa: DTZ001
    first = await apply(engine, data)
    async with engine.read() as unit:
        [campaign] = await campaigns_of(unit, first.shop_id)
    assert campaign.starts == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert campaign.ends == datetime(2026, 12, 1, 0, tzinfo=UTC)
    assert (await apply(engine, await export(engine), {})).changes == ()


async def test_there_is_nothing_to_write_out_of_no_shop(engine):
    with pytest.raises(NotFound):
        await export(engine)


async def test_a_snapshot_is_kept_until_the_version_changes(engine):
    first = await apply(engine, shop_file())
    cache = ShopCache(size=1)
    async with engine.read() as unit:
        shop = await cache.get(unit, first.shop_id)
        assert await cache.get(unit, first.shop_id) is shop
        with pytest.raises(NotFound):
            await cache.get(unit, "no-such-shop")
    data = shop_file()
    data["products"][1]["title"] = "필터"
    await apply(engine, data)
    async with engine.read() as unit:
        newer = await cache.get(unit, first.shop_id)
    assert newer.version == shop.version + 1
    assert [product.title["ko"] for product in newer.products.values()] == ["달항아리 머그", "필터"]
