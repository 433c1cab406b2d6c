"""Lists and versions: nothing is left out or shown twice, and nobody overwrites blindly."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.web.api.conftest import Api


async def stocked(api: Api, count: int, start: int = 0) -> list[str]:
    """So many products, the ids in the order they were made."""
    made = []
    for number in range(start, start + count):
        form = {
            "slug": f"p{number}",
            "title": {"en": "P"},
            "variants": [{"sku": f"S{number}", "price": 1}],
        }
        made.append((await api.post("/products", form)).json()["id"])
    return made


async def test_a_walk_shows_everything_once_while_more_is_added(api: Api, clock):
    there = []
    for number in range(7):
        clock.moment += timedelta(seconds=1)
        there += await stocked(api, 1, number)
    seen: list[str] = []
    cursor, added = "", 100
    while True:
        answer = (await api.get(f"/products?limit=2{cursor}")).json()
        seen += [one["id"] for one in answer["items"]]
        clock.moment += timedelta(seconds=1)
        await stocked(api, 1, added)
        added += 1
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert seen == there[::-1]


async def test_the_stock_book_is_walked_the_same(api: Api):
    mug = await api.mug()
    form = {"variant_id": mug["variants"][0]["id"], "delta": 1, "reason": "received"}
    for _ in range(5):
        await api.post("/stock-movements", form)
    seen: list[int] = []
    cursor = ""
    for _ in range(20):
        answer = (await api.get(f"/stock-movements?limit=2{cursor}")).json()
        seen += [one["id"] for one in answer["items"]]
        await api.post("/stock-movements", form)
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen, reverse=True)


async def test_a_list_that_fits_has_no_cursor(api: Api):
    await stocked(api, 2)
    assert (await api.get("/products?limit=2")).json()["next_cursor"] is None
    assert (await api.get("/products?limit=1")).json()["next_cursor"] is not None


async def test_a_cursor_is_good_for_its_own_list_alone(api: Api):
    await stocked(api, 2)
    cursor = (await api.get("/products?limit=1")).json()["next_cursor"]
    tampered = cursor[:-2] + ("aa" if not cursor.endswith("aa") else "bb")
    other = {"authorization": f"Bearer {api.other_key}"}
    for path, headers in (
        (f"/campaigns?cursor={cursor}", {}),
        (f"/products?cursor={tampered}", {}),
        ("/products?cursor=%ED%95%9C", {}),
        (f"/products?cursor={cursor}", other),
    ):
        answer = await api.get(path, **headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor"), path


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", ""])
async def test_a_limit_beyond_what_is_allowed_is_refused(api: Api, limit: str):
    answer = await api.get(f"/products?limit={limit}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["where"] == "query"


async def test_a_change_of_another_version_is_refused(api: Api):
    mug = await api.mug()
    path = f"/products/{mug['id']}"
    etag = (await api.get(path)).headers["etag"]
    first = await api.patch(path, {"title": {"en": "One"}}, if_match=etag)
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    for method, body in (("PATCH", {"title": {"en": "Two"}}), ("DELETE", None)):
        answer = await api.call(method, path, body, if_match=etag)
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition-failed")
    left = (await api.get(path)).json()
    assert (left["title"], left["active"]) == ({"en": "One"}, True)
    for given in ('"2"', "*", '"7", "2"'):
        assert (await api.patch(path, {"active": True}, if_match=given)).status_code == 200


async def test_of_two_changes_of_one_version_one_holds(api: Api):
    mug = await api.mug()
    path = f"/products/{mug['id']}"
    answers = await asyncio.gather(
        *(api.patch(path, {"title": {"en": f"T{n}"}}, if_match='"1"') for n in range(6))
    )
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412, 412]
    assert (await api.get(path)).json()["version"] == 2


async def changed_twice(api: Api, path: str, one: dict[str, Any], two: dict[str, Any]) -> None:
    etag = (await api.get(path)).headers["etag"]
    assert (await api.patch(path, one, if_match=etag)).status_code == 200
    assert (await api.get(path)).headers["etag"] != etag
    assert (await api.patch(path, two, if_match=etag)).status_code == 412


async def test_every_resource_that_changes_has_its_version(api: Api):
    mug = await api.mug()
    form = {"slug": "c", "hashtag": "#a", "product_ids": [mug["id"]]}
    campaign = (await api.post("/campaigns", form)).json()["id"]
    account = (await api.post("/accounts", {"channel": "web", "external_id": "1"})).json()
    if "id" not in account:
        form = {"channel": "instagram", "external_id": "1"}
        account = (await api.post("/accounts", form)).json()
    variant = mug["variants"][0]["id"]
    await changed_twice(api, "/shop", {"name": "A"}, {"name": "B"})
    await changed_twice(api, f"/campaigns/{campaign}", {"hashtag": "#b"}, {"hashtag": "#c"})
    await changed_twice(api, f"/variants/{variant}", {"price": 1}, {"price": 2})
    await changed_twice(api, f"/accounts/{account['id']}", {"state": "paused"}, {"state": "active"})


async def test_the_shops_version_is_not_its_products(api: Api):
    before = (await api.get("/shop")).headers["etag"]
    await api.mug()
    assert (await api.get("/shop")).headers["etag"] == before


async def test_what_is_known_is_not_sent_again(api: Api):
    mug = await api.mug()
    path = f"/products/{mug['id']}"
    answer = await api.get(path, if_none_match='"1"')
    assert (answer.status_code, answer.content) == (304, b"")
    assert (await api.get(path, if_none_match='"2"')).status_code == 200
