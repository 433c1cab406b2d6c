"""Nobody comes in without a key for what they do, and no shop sees another's."""

from __future__ import annotations

from typing import Any

import pytest

from app.web.api.scopes import SCOPES
from tests.web.api.conftest import MUG, Api
from tests.web.api.walk import ALL, Walked, registered

IDS = {
    "account_id": "acc_none", "product_id": "prd_none", "variant_id": "var_none",
    "campaign_id": "cmp_none", "order_id": "ord_none", "conversation_id": "ln_none",
    "member_id": "mem_none", "key_id": "key_none", "letter_id": "out-999", "event_id": "999",
    "outbox_id": "999",
}  # fmt: skip
BODIES: dict[str, Any] = {
    "create_product": {"slug": "a", "title": {"en": "A"}, "variants": [{"sku": "A", "price": 1}]},
    "create_account": {"channel": "instagram", "external_id": "1"},
    "create_campaign": {"slug": "a", "hashtag": "#a", "product_ids": ["prd_none"]},
    "create_stock_movement": {"variant_id": "var_none", "delta": 1, "reason": "received"},
    "create_api_key": {"scopes": ["settings:write"]},
    "ship_order": {"carrier": "CJ", "tracking": "1"},
    "reply_to_conversation": {"text": "hello"},
}


def test_every_route_declares_its_scopes():
    assert len(registered()) == len(ALL) >= 40
    for one in ALL:
        assert one.scopes, one.name
        assert set(one.scopes) <= set(SCOPES), one.name


def test_a_read_needs_a_read_scope_and_a_write_a_write_scope():
    for one in ALL:
        if one.method == "GET" and one.name != "get_event":
            assert all(scope.endswith(":read") for scope in one.scopes), one.name
        if one.method != "GET":
            assert all(scope.endswith(":write") for scope in one.scopes), one.name


def body_of(one: Walked) -> Any:
    """A body that passes as far as the door at least."""
    return BODIES.get(one.name, {} if one.method in ("POST", "PATCH") else None)


async def test_without_a_key_nothing_opens(api: Api):
    for one in ALL:
        answer = await api.client.request(one.method, f"/api/v1{one.at(**IDS)}", json=body_of(one))
        assert answer.status_code == 401, one.name
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == 'Bearer realm="dangol"'
        assert answer.json()["code"] == "no-key"


async def test_only_a_key_with_the_scope_opens(api: Api):
    """Every scope there is, tried on every route."""
    keys: dict[str, str] = {scope: await api.new_key(scope) for scope in SCOPES}
    for one in ALL:
        wrong = await api.new_key(*(scope for scope in SCOPES if scope not in one.scopes))
        answer = await api.call(one.method, one.at(**IDS), body_of(one), key=wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope"), one.name
        assert answer.headers["www-authenticate"] == (
            'Bearer realm="dangol", error="insufficient_scope", scope="'
            + " ".join(one.scopes)
            + '"'
        )
        for scope in one.scopes:
            answer = await api.call(one.method, one.at(**IDS), body_of(one), key=keys[scope])
            assert answer.status_code not in (401, 403), (one.name, answer.text)


@pytest.mark.parametrize("text", ["", "Bearer", "Basic abc", "Bearer nonsense", "Bearer dgl_A_B"])
async def test_what_is_no_key_does_not_open(api: Api, text: str):
    answer = await api.get("/shop", authorization=text)
    assert answer.status_code == 401
    assert answer.json()["code"] in ("no-key", "bad-key")


async def test_a_revoked_key_is_closed_at_once(api: Api):
    key = await api.new_key("all")
    assert (await api.call("GET", "/shop", key=key)).status_code == 200
    prefix = key.split("_")[1]
    rows = (await api.get("/api-keys")).json()["items"]
    [mine] = [row["id"] for row in rows if row["prefix"] == prefix]
    assert (await api.call("DELETE", f"/api-keys/{mine}")).status_code == 204
    answer = await api.call("GET", "/shop", key=key)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad-key")
    assert answer.headers["www-authenticate"] == 'Bearer realm="dangol", error="invalid_token"'
    assert (await api.get("/shop")).status_code == 200


async def test_a_key_gives_no_more_than_it_has(api: Api):
    key = await api.new_key("settings:write", "catalog:read")
    made = await api.call("POST", "/api-keys", {"scopes": ["catalog:read"]}, key=key)
    assert made.status_code == 201
    for beyond in ("all", "orders:write"):
        answer = await api.call("POST", "/api-keys", {"scopes": [beyond]}, key=key)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-beyond")


async def owned(api: Api) -> dict[str, str]:
    """One of everything that the first shop can make over HTTP."""
    mug = await api.mug()
    form = {"slug": "c", "hashtag": "#moonmug", "product_ids": [mug["id"]]}
    campaign = (await api.post("/campaigns", form)).json()
    account = (await api.post("/accounts", {"channel": "instagram", "external_id": "178"})).json()
    key = (await api.post("/api-keys", {"scopes": ["all"]})).json()
    return {
        "product_id": mug["id"],
        "variant_id": mug["variants"][0]["id"],
        "campaign_id": campaign["id"],
        "account_id": account["id"],
        "key_id": key["id"],
    }


async def test_another_shops_things_do_not_exist(api: Api):
    ids = await owned(api)
    tried = 0
    for one in ALL:
        names = [name for name in ids if f"{{{name}}}" in one.path]
        if not names:
            continue
        tried += 1
        answer = await api.call(one.method, one.at(**ids), body_of(one), key=api.other_key)
        assert answer.status_code == 404, f"{one.name}: {answer.text}"
    assert tried >= 12
    move = {"variant_id": ids["variant_id"], "delta": 1, "reason": "received"}
    answer = await api.post("/stock-movements", move, authorization=f"Bearer {api.other_key}")
    assert answer.status_code == 404
    theirs = f"Bearer {api.other_key}"
    same = await api.post("/products", MUG, authorization=theirs)  # of the same slug
    assert same.status_code == 201
    form = {"slug": "x", "hashtag": "#x", "product_ids": [ids["product_id"]]}
    answer = await api.post("/campaigns", form, authorization=theirs)
    assert (answer.status_code, answer.json()["code"]) == (422, "no-product")
    mine = await api.get(f"/products/{ids['product_id']}")
    assert (mine.json()["version"], mine.json()["active"]) == (1, True)


async def test_another_shops_lists_are_empty(api: Api):
    await owned(api)
    for one in ALL:
        if one.method == "GET" and "{" not in one.path and one.name not in ("get_shop",):
            answer = await api.call("GET", one.at(), key=api.other_key)
            items = answer.json()["items"]
            own_keys = one.name == "list_api_keys"
            assert len(items) == (1 if own_keys else 0), one.name
