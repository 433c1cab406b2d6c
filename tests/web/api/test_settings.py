"""The shop, its accounts and its keys over HTTP. What is secret goes in and never comes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.merchants.create_key import check_key
from app.merchants.put_account import put_account
from app.merchants.read import account_by_id
from tests.web.api.conftest import Api
from tests.web.api.walk import ALL

SECRETS = {
    "app_secret": "sec-app-4711",
    "verify_token": "sec-verify-4712",
    "access_token": "sec-token-4713",
}
ACCOUNT = {"channel": "instagram", "external_id": "17841400000000001", "secrets": SECRETS}


async def test_the_shop_is_read_and_changed(api: Api):
    before = await api.get("/shop")
    assert before.json()["slug"] == "hanok"
    settings: dict[str, Any] = {
        "payments": ["sandbox"],
        "shipping": [
            {"id": "parcel", "name": {"en": "Parcel"}, "price": 3000, "free_over": 50000,
             "countries": ["KR"]}
        ],
        "membership": {
            "earn_percent": 1,
            "tiers": [{"name": "gold", "threshold": 300000}, {"name": "green", "threshold": 0}],
        },
    }  # fmt: skip
    changed = await api.patch("/shop", {"name": "한옥 커피", "settings": settings})
    shop = changed.json()
    assert shop["name"] == "한옥 커피"
    assert shop["settings"]["shipping"] == settings["shipping"]
    assert [tier["name"] for tier in shop["settings"]["membership"]["tiers"]] == ["green", "gold"]
    assert shop["settings"]["hold_minutes"] == 15
    assert shop["catalog_version"] == before.json()["catalog_version"] + 1
    only = await api.patch("/shop", {"settings": {"hold_minutes": 20}})
    assert only.json()["settings"]["shipping"] == settings["shipping"]
    gone = await api.patch("/shop", {"settings": {"membership": None}})
    assert gone.json()["settings"]["membership"] is None


async def test_what_a_shop_cannot_be_is_refused(api: Api):
    for form, field in (
        ({"slug": "other"}, "slug"),
        ({"currency": "USD"}, "currency"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"settings": {"hold_minutes": 0}}, "settings.hold_minutes"),
        ({"settings": {"payments": ["nobody"]}}, "settings.payments"),
    ):
        answer = await api.patch("/shop", form)
        assert answer.status_code == 422, form
        assert [one["field"] for one in answer.json()["errors"]] == [field]


async def test_an_account_is_connected_changed_and_forgotten(api: Api, clock):
    made = await api.post("/accounts", ACCOUNT)
    assert made.status_code == 201
    account = made.json()
    assert account["secret_names"] == sorted(SECRETS)
    assert made.headers["location"] == f"/api/v1/accounts/{account['id']}"
    path = f"/accounts/{account['id']}"
    clock.moment += timedelta(seconds=1)
    patch = {"secrets": {"access_token": "sec-new", "verify_token": None}, "state": "paused"}
    changed = (await api.patch(path, patch)).json()
    assert (changed["state"], changed["secret_names"]) == ("paused", ["access_token", "app_secret"])
    async with api.engine.read() as unit:
        stored = await account_by_id(unit, account["id"])
    assert stored is not None
    assert stored.secrets == {"app_secret": "sec-app-4711", "access_token": "sec-new"}
    assert (await api.call("DELETE", path)).status_code == 204
    assert (await api.get(path)).status_code == 404
    assert (await api.post("/accounts", ACCOUNT)).status_code == 201


async def test_the_operators_address_stays_and_is_not_settable(api: Api):
    async with api.engine.write() as unit:
        put = await put_account(
            unit, api.shop_id, "instagram", "178", SECRETS, "http://127.0.0.1:9001"
        )
    path = f"/accounts/{put.id}"
    changed = await api.patch(path, {"secrets": {"verify_token": "other"}})
    assert changed.json()["api_url"] == "http://127.0.0.1:9001"
    assert "access_token" in changed.json()["secret_names"]
    for answer in (
        await api.patch(path, {"api_url": "http://evil.test"}),
        await api.post("/accounts", {**ACCOUNT, "api_url": "http://evil.test"}),
    ):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "api_url"


async def test_an_account_is_there_once(api: Api):
    assert (await api.post("/accounts", ACCOUNT)).status_code == 201
    again = await api.post("/accounts", ACCOUNT)
    assert (again.status_code, again.json()["code"]) == (409, "account-exists")
    other = await api.post("/accounts", ACCOUNT, authorization=f"Bearer {api.other_key}")
    assert (other.status_code, other.json()["code"]) == (409, "account-taken")
    unknown = await api.post("/accounts", {**ACCOUNT, "channel": "carrier-pigeon"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "no-channel")


async def test_no_secret_is_in_any_answer(api: Api):
    """Every read there is, every answer to a write, and what is wrong with a form."""
    answers: list[httpx.Response] = [await api.post("/accounts", ACCOUNT, idempotency_key="a")]
    answers.append(await api.post("/accounts", ACCOUNT, idempotency_key="a"))
    account = answers[0].json()["id"]
    answers.append(await api.patch(f"/accounts/{account}", {"secrets": SECRETS}))
    answers.append(await api.post("/accounts", {**ACCOUNT, "channel": 7}))
    answers.append(await api.post("/accounts", {**ACCOUNT, "secrets": "sec-app-4711"}))
    answers.append(await api.post("/accounts", {**ACCOUNT, "secret": "sec-app-4711"}))
    long = {**SECRETS, "access_token": "sec-token-4713" * 400}
    answers.append(await api.post("/accounts", {**ACCOUNT, "secrets": long}))
    reads = [one.at(account_id=account) for one in ALL if one.method == "GET"]
    answers += [await api.get(path) for path in reads]
    assert [one.status_code for one in answers[:3]] == [201, 201, 200]
    assert {one.status_code for one in answers[3:7]} == {422}
    for answer in answers:
        assert "sec-" not in answer.text, answer.request.url
        assert api.key.split("_")[2] not in answer.text


async def test_a_key_is_made_shown_once_and_revoked(api: Api):
    made = await api.post("/api-keys", {"scopes": ["catalog:read", "orders:read"]})
    assert made.status_code == 201
    key = made.json()
    assert key["key"].startswith(f"dgl_{key['prefix']}_")
    rows = (await api.get("/api-keys")).json()["items"]
    assert key["id"] in [row["id"] for row in rows]
    assert all("key" not in row for row in rows)
    async with api.engine.read() as unit:
        holder = await check_key(unit, key["key"])
    assert holder is not None
    assert holder.scopes == {"catalog:read", "orders:read"}
    path = f"/api-keys/{key['id']}"
    assert (await api.call("DELETE", path)).status_code == 204
    assert (await api.call("DELETE", path)).status_code == 404


@pytest.mark.parametrize("scopes", [[], ["everything"], ["orders"]])
async def test_a_key_for_nothing_known_is_refused(api: Api, scopes: list[str]):
    assert (await api.post("/api-keys", {"scopes": scopes})).status_code == 422


async def test_the_use_of_a_key_is_noted_once_a_minute(api: Api, clock):
    async def used() -> list[str]:
        items = (await api.get("/api-keys")).json()["items"]
        return [row["last_used_at"] for row in items]

    assert await used() == ["2026-11-02T03:00:00Z"]
    clock.moment += timedelta(seconds=59)
    assert await used() == ["2026-11-02T03:00:00Z"]
    clock.moment += timedelta(seconds=2)
    assert await used() == ["2026-11-02T03:01:01Z"]
