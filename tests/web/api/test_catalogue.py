"""Products, variants, stock and campaigns over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.catalog.hold import hold_stock
from app.catalog.read import load_shop
from tests.web.api.conftest import MUG, Api


async def version_of(api: Api) -> int:
    return int((await api.get("/shop")).json()["catalog_version"])


async def test_a_product_is_made_read_changed_and_taken_off_sale(api: Api):
    made = await api.mug()
    assert made["slug"] == "moon-mug"
    assert [(v["sku"], v["price"], v["on_hand"], v["held"]) for v in made["variants"]] == [
        ("MUG-B", 18000, 5, 0),
        ("MUG-W", 19000, 0, 0),
    ]
    read = await api.get(f"/products/{made['id']}")
    assert read.json() == made
    assert read.headers["etag"] == '"1"'
    changed = await api.patch(f"/products/{made['id']}", {"title": {"en": "Mug"}})
    assert changed.json()["title"] == {"en": "Mug"}
    assert changed.json()["version"] == 2
    gone = await api.call("DELETE", f"/products/{made['id']}")
    assert gone.status_code == 200
    assert gone.json()["active"] is False
    assert [v["active"] for v in gone.json()["variants"]] == [False, False]
    back = await api.patch(f"/products/{made['id']}", {"active": True})
    assert [v["active"] for v in back.json()["variants"]] == [True, True]


async def test_the_chat_sees_each_change_at_once(api: Api):
    before = await version_of(api)
    mug = await api.mug()
    assert await version_of(api) == before + 1
    form = {"slug": "c", "hashtag": "#moonmug", "product_ids": [mug["id"]]}
    campaign = await api.post("/campaigns", form)
    assert campaign.status_code == 201
    assert await version_of(api) == before + 2
    async with api.engine.read() as unit:
        shop = await load_shop(unit, api.shop_id)
    assert [each.hashtag for each in shop.campaigns] == ["#moonmug"]
    assert list(shop.products) == [mug["id"]]


async def test_what_changes_nothing_makes_no_version(api: Api):
    mug = await api.mug()
    before = await version_of(api)
    same = await api.patch(f"/products/{mug['id']}", {"title": mug["title"]})
    assert same.json()["version"] == 1
    assert await version_of(api) == before


async def test_a_variant_gets_a_price_and_goes_off_sale_and_on(api: Api):
    mug = await api.mug()
    black, white = mug["variants"]
    cheaper = await api.patch(f"/variants/{black['id']}", {"price": 15000})
    assert (cheaper.json()["price"], cheaper.headers["etag"]) == (15000, '"2"')
    off = await api.patch(f"/variants/{white['id']}", {"active": False})
    assert off.json()["active"] is False
    both = (await api.get(f"/products/{mug['id']}")).json()["variants"]
    assert [(v["price"], v["active"], v["on_hand"]) for v in both] == [
        (15000, True, 5),
        (19000, False, 0),
    ]
    on = await api.patch(f"/variants/{white['id']}", {"active": True})
    assert on.json() == {**white, "active": True}


async def test_the_last_variant_cannot_go_off_sale_alone(api: Api):
    mug = await api.mug()
    for number, variant in enumerate(mug["variants"]):
        answer = await api.patch(f"/variants/{variant['id']}", {"active": False})
        assert answer.status_code == (200, 422)[number]
    assert answer.json()["errors"][0]["field"] == "variants"


async def test_stock_moves_and_is_written_down(api: Api):
    mug = await api.mug()
    black = mug["variants"][0]["id"]
    form = {"variant_id": black, "delta": 7, "reason": "received"}
    moved = await api.post("/stock-movements", form)
    assert moved.status_code == 201
    assert moved.json()["on_hand"] == 12
    book = (await api.get(f"/stock-movements?variant_id={black}")).json()["items"]
    assert [(line["delta"], line["reason"]) for line in book] == [(7, "received"), (5, "opening")]
    assert book[0]["actor"].startswith("api:key_")


async def test_pieces_kept_for_shoppers_cannot_be_taken_away(api: Api, clock):
    mug = await api.mug()
    black = mug["variants"][0]["id"]
    async with api.engine.write() as unit:
        await hold_stock(unit, api.shop_id, "ln_x", [(black, 4)], clock.moment)
    form = {"variant_id": black, "delta": -2, "reason": "damaged"}
    refused = await api.post("/stock-movements", form)
    assert (refused.status_code, refused.json()["code"]) == (409, "stock")
    kept = (await api.get(f"/variants/{black}")).json()
    assert (kept["on_hand"], kept["held"]) == (5, 4)


@pytest.mark.parametrize(
    ("delta", "reason"), [(0, "received"), (1, "sold"), (1, "opening"), (-1, "returned")]
)
async def test_a_movement_that_is_none_is_refused(api: Api, delta: int, reason: str):
    mug = await api.mug()
    form = {"variant_id": mug["variants"][0]["id"], "delta": delta, "reason": reason}
    answer = await api.post("/stock-movements", form)
    assert (answer.status_code, answer.json()["code"]) == (422, "movement")


async def test_a_campaign_is_made_changed_and_ended(api: Api):
    mug = await api.mug()
    form = {
        "slug": "autumn",
        "hashtag": "#moonmug",
        "product_ids": [mug["id"]],
        "starts": "2026-11-01T00:00:00+09:00",
        "public_reply": {"en": "Check your DM"},
    }
    made = (await api.post("/campaigns", form)).json()
    assert (made["starts"], made["ends"], made["version"]) == ("2026-10-31T15:00:00Z", None, 1)
    path = f"/campaigns/{made['id']}"
    changed = (await api.patch(path, {"hashtag": "#달머그", "starts": None})).json()
    assert (changed["hashtag"], changed["starts"], changed["version"]) == ("#달머그", None, 2)
    assert changed["public_reply"] == {"en": "Check your DM"}
    ended = await api.call("DELETE", path)
    assert ended.json()["active"] is False
    late = await api.patch(path, {"hashtag": "#x"})
    assert (late.status_code, late.json()["code"]) == (409, "off-sale")
    assert (await api.patch(path, {"active": True, "hashtag": "#x"})).json()["active"] is True


async def test_two_of_a_slug_are_refused(api: Api):
    mug = await api.mug()
    again = await api.post("/products", MUG)
    assert (again.status_code, again.json()["code"]) == (409, "slug-taken")
    form = {"slug": "c", "hashtag": "#a", "product_ids": [mug["id"]]}
    assert (await api.post("/campaigns", form)).status_code == 201
    assert (await api.post("/campaigns", form)).json()["code"] == "slug-taken"
    other = await api.post("/products", MUG, authorization=f"Bearer {api.other_key}")
    assert other.status_code == 201


async def test_of_several_that_make_the_same_product_one_does(api: Api):
    answers = await asyncio.gather(*(api.post("/products", MUG) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409]


async def test_a_sku_of_another_product_is_refused(api: Api):
    await api.mug()
    answer = await api.post("/products", {**MUG, "slug": "other"})
    assert (answer.status_code, answer.json()["code"]) == (409, "sku-taken")
    assert len((await api.get("/products")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ("https://shop.example/mug.jpg", 201), ("https://8.8.8.8/mug.jpg", 201),
        ("http://shop.example/mug.jpg", 422), ("https://127.0.0.1/mug.jpg", 422),
        ("https://[::1]/mug.jpg", 422), ("https://169.254.169.254/x", 422),
        ("https://localhost/mug.jpg", 422), ("https://db.internal/x", 422),
    ],
)  # fmt: skip
async def test_in_production_a_picture_is_public(api: Api, image: str, status: int):
    fit = {"environment": "production", "public_url": "https://shop.example"}
    settings = api.context.settings.model_copy(update=fit)
    api.app.state.context = replace(api.context, settings=settings)
    answer = await api.post("/products", {**MUG, "image": image})
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["field"] == "image"


async def test_each_wrong_field_is_named(api: Api):
    wrong = {**MUG, "variants": [{"sku": "A", "price": 1, "values": ["red"]}]}
    answer = await api.post("/products", wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "form")
    assert [one["field"] for one in answer.json()["errors"]] == ["variants[0].values[0]"]
    answer = await api.post("/products", {**MUG, "slug": "Ä", "colour": 1, "variants": [{}]})
    fields = {one["field"] for one in answer.json()["errors"]}
    assert fields == {"slug", "colour", "variants.0.sku", "variants.0.price"}
