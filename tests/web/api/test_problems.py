"""Whatever goes wrong is a problem document that tells what to do and nothing of the inside."""

from __future__ import annotations

import httpx
import pytest

from app.core.errors import Broken
from app.web.api import shop as shop_module
from tests.web.api.conftest import MUG, Api


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem, after looking at its form."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["type"] == f"/docs/errors#{document['code']}"
    assert document["title"]
    assert document["detail"]
    return answer.status_code, document["code"]


async def test_an_address_that_is_none(api: Api):
    for path in ("/nothing", "/products/a/b", ""):
        assert told(await api.get(path)) == (404, "no-route")


async def test_a_method_that_is_none(api: Api):
    answer = await api.call("PUT", "/shop", {})
    assert told(answer) == (405, "method")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "PATCH"}


async def test_a_body_that_is_no_json(api: Api):
    headers = {"authorization": f"Bearer {api.key}", "content-type": "application/json"}
    for body in (b"{", b"", b"\xff\xfe", b"[" * 100_000):
        answer = await api.client.post("/api/v1/products", content=body, headers=headers)
        assert told(answer) in ((400, "malformed"), (422, "invalid")), body[:10]


async def test_a_body_of_another_kind(api: Api):
    headers = {"authorization": f"Bearer {api.key}", "content-type": "text/plain"}
    answer = await api.client.post("/api/v1/products", content=b"{}", headers=headers)
    assert told(answer) == (422, "invalid")


async def test_a_body_that_is_too_large(api: Api):
    headers = {"authorization": f"Bearer {api.key}", "content-type": "application/json"}
    for key in ({}, {"idempotency-key": "k"}):
        answer = await api.client.post(
            "/api/v1/products", content=b" " * (1024 * 1024 + 1), headers={**headers, **key}
        )
        assert told(answer) == (413, "too-large")


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800", "x" * 5000], ids=["nul", "half a pair", "too long"]
)
async def test_text_that_no_database_takes(api: Api, text: str):
    import json

    headers = {"authorization": f"Bearer {api.key}", "content-type": "application/json"}
    body = json.dumps({**MUG, "title": {"en": text}})
    answer = await api.client.post("/api/v1/products", content=body, headers=headers)
    assert told(answer) in ((422, "invalid"), (400, "malformed"))


@pytest.mark.parametrize(
    "path",
    [
        "/products/a%00b", "/orders?number=%00", "/conversations?channel=%00", "/events?kind=%00",
        "/stock-movements?variant_id=%00", "/events/99999999999999999999", "/orders/%ED%A0%80",
        "/dead-letters/out-1%00/retry", "/orders?placed_since=yesterday",
    ],
)  # fmt: skip
async def test_an_address_with_what_no_database_takes(api: Api, path: str):
    answer = await api.get(path)
    assert told(answer)[0] in (404, 405, 422), answer.text


async def test_a_defect_tells_nothing_of_the_inside(api: Api, monkeypatch):
    async def broken(*_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(shop_module, "shop_by_id", broken)
    answer = await api.get("/shop")
    assert told(answer) == (500, "broken")
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_broken_promise_tells_nothing_of_the_inside(api: Api, monkeypatch):
    async def broken(*_: object) -> None:
        raise Broken("What is stored at shp_1 / account is not sealed.")

    monkeypatch.setattr(shop_module, "shop_by_id", broken)
    answer = await api.get("/shop")
    assert told(answer) == (500, "broken")
    assert "sealed" not in answer.text


async def test_a_database_that_is_away_is_said_so(api: Api, monkeypatch):
    async def away(*_: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(shop_module, "shop_by_id", away)
    monkeypatch.setattr(
        type(api.engine), "transient", lambda _, error: isinstance(error, ConnectionResetError)
    )
    answer = await api.get("/shop")
    assert told(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "2"


async def test_a_defect_lets_the_idempotency_key_go(api: Api, monkeypatch):
    async def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(shop_module, "take_shop", broken)
        assert told(await api.patch("/shop", {"name": "A"}, idempotency_key="k")) == (
            500, "broken",
        )  # fmt: skip
    answer = await api.patch("/shop", {"name": "A"}, idempotency_key="k")
    assert (answer.status_code, answer.json()["name"]) == (200, "A")
