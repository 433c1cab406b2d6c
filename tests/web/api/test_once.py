"""An Idempotency-Key: one effect, one answer, for a day."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.core.errors import Conflict
from app.edge.codec import digest
from app.merchants.idempotency import Claim, Place, claim, keep
from app.merchants.idempotency_models import idempotent_request
from tests.web.api.conftest import MUG, Api

KEY = {"idempotency_key": "k-1"}


async def on_hand(api: Api, product_id: str) -> int:
    answer = await api.get(f"/products/{product_id}")
    return int(answer.json()["variants"][0]["on_hand"])


async def moved(api: Api):
    """A product and a movement to book on it."""
    mug = await api.mug()
    form = {"variant_id": mug["variants"][0]["id"], "delta": 3, "reason": "received"}
    return mug["id"], form


async def test_the_same_request_takes_effect_once(api: Api):
    product, form = await moved(api)
    first = await api.post("/stock-movements", form, **KEY)
    again = await api.post("/stock-movements", form, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert await on_hand(api, product) == 8


async def test_without_a_key_it_takes_effect_each_time(api: Api):
    product, form = await moved(api)
    for _ in range(2):
        assert (await api.post("/stock-movements", form)).status_code == 201
    assert await on_hand(api, product) == 11


async def test_sent_in_parallel_it_takes_effect_once(api: Api):
    product, form = await moved(api)
    answers = await asyncio.gather(*(api.post("/stock-movements", form, **KEY) for _ in range(8)))
    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.content for one in answers}) == 1
    assert await on_hand(api, product) == 8


async def test_another_request_under_the_key_is_refused(api: Api):
    product, form = await moved(api)
    await api.post("/stock-movements", form, **KEY)
    for path, body in (("/stock-movements", {**form, "delta": 4}), ("/products", MUG)):
        answer = await api.post(path, body, **KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-mismatch")
    assert await on_hand(api, product) == 8


async def begun(api: Api, form: dict[str, Any]) -> Claim:
    """Somebody began that request and has not answered."""
    [row, *_] = (await api.get("/api-keys")).json()["items"]
    asked = f"POST /api/v1/stock-movements? {digest(json.dumps(form).encode())}"
    async with api.engine.write() as unit:
        mine = await claim(unit, Place(api.shop_id, row["id"], "k-1"), asked)
    assert isinstance(mine, Claim)
    return mine


async def send(api: Api, form: dict[str, Any]) -> httpx.Response:
    """The same request, byte for byte."""
    headers = {
        "authorization": f"Bearer {api.key}",
        "content-type": "application/json",
        "idempotency-key": "k-1",
    }
    path = "/api/v1/stock-movements"
    return await api.client.post(path, content=json.dumps(form), headers=headers)


async def test_while_one_is_under_way_the_other_is_told_so(api: Api):
    product, form = await moved(api)
    await begun(api, form)
    answer = await send(api, form)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-in-progress")
    assert await on_hand(api, product) == 5


async def test_an_attempt_that_died_is_taken_over_after_its_lease(api: Api, clock):
    product, form = await moved(api)
    dead = await begun(api, form)
    clock.moment += timedelta(seconds=61)
    alive = await begun(api, form)
    with pytest.raises(Conflict):  # it wakes up, and must not answer any more
        async with api.engine.write() as unit:
            await keep(unit, dead, 201, {}, b"{}")
    assert alive.since == dead.since
    clock.moment += timedelta(seconds=61)
    assert (await send(api, form)).status_code == 201
    assert await on_hand(api, product) == 8


async def test_a_refusal_is_the_first_answer_too(api: Api):
    await api.mug()
    first = await api.post("/products", MUG, **KEY)
    assert (first.status_code, first.json()["code"]) == (409, "slug-taken")
    again = await api.post("/products", MUG, **KEY)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_form_that_was_wrong_may_be_mended_under_its_key(api: Api):
    wrong = await api.post("/products", {**MUG, "variants": []}, **KEY)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    assert (await api.post("/products", MUG, **KEY)).status_code == 201


async def test_after_a_day_the_key_is_free(api: Api, clock):
    product, form = await moved(api)
    await api.post("/stock-movements", form, **KEY)
    clock.moment += timedelta(hours=23, minutes=59)
    assert (await api.post("/stock-movements", form, **KEY)).headers["idempotent-replayed"]
    clock.moment += timedelta(minutes=1)
    assert "idempotent-replayed" not in (await api.post("/stock-movements", form, **KEY)).headers
    assert await on_hand(api, product) == 11


async def test_two_api_keys_do_not_meet(api: Api):
    product, form = await moved(api)
    other = await api.new_key("catalog:write")
    await api.post("/stock-movements", form, **KEY)
    await api.call("POST", "/stock-movements", form, key=other, **KEY)
    assert await on_hand(api, product) == 11


async def test_a_key_that_is_none_is_refused(api: Api):
    for text in ("", "x" * 201):
        answer = await api.post("/products", MUG, idempotency_key=text)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key")


async def test_a_new_api_key_is_answered_again_and_lies_sealed(api: Api):
    form = {"scopes": ["catalog:read"]}
    first = await api.post("/api-keys", form, **KEY)
    again = await api.post("/api-keys", form, **KEY)
    assert again.json()["key"] == first.json()["key"]
    async with api.engine.read() as unit:
        row = await unit.row(select(idempotent_request))
    assert row is not None
    assert first.json()["key"].split("_")[2].encode() not in row.body
