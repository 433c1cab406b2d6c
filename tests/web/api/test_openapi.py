"""The OpenAPI document: whole, true, usable by a generator; the page that shows it is our own."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator

from app.web.api.docs import ERRORS
from tests.web.api.conftest import Api


async def document(api: Api) -> dict[str, Any]:
    answer = await api.client.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for methods in found["paths"].values() for one in methods.values()]


async def test_each_operation_has_a_name_for_generated_clients(api: Api):
    names = [one["operationId"] for one in operations(await document(api))]
    assert len(names) == len(set(names)) >= 40
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in names)


async def test_each_operation_says_who_may_and_what_may_go_wrong(api: Api):
    for one in operations(await document(api)):
        assert one["security"] == [{"apiKey": []}]
        assert one["description"] or one["summary"]
        for code in ("401", "403", "422", "500", "503"):
            content = one["responses"][code]["content"]
            assert list(content) == ["application/problem+json"], one["operationId"]


async def test_each_example_is_what_its_schema_says(api: Api):
    found = await document(api)
    checked = 0
    for one in operations(found):
        contents = [answer.get("content", {}) for answer in one["responses"].values()]
        contents.append(one.get("requestBody", {}).get("content", {}))
        for content in contents:
            for media in content.values():
                schema = {**media["schema"], "components": found["components"]}
                Draft202012Validator(schema).validate(media["example"])
                checked += 1
    assert checked > 200


async def test_each_successful_answer_and_each_body_has_an_example(api: Api):
    for one in operations(await document(api)):
        for status, answer in one["responses"].items():
            if status in ("200", "201"):
                example = answer["content"]["application/json"]["example"]
                assert example not in (None, {}, "…"), one["operationId"]
        body = one.get("requestBody")
        if body:
            assert body["content"]["application/json"]["example"], one["operationId"]


async def test_every_reference_leads_somewhere(api: Api):
    answer = (await api.client.get("/openapi.json")).text
    schemas = (await document(api))["components"]["schemas"]
    for name in set(re.findall(r"#/components/schemas/([\w-]+)", answer)):
        assert name in schemas


async def test_writes_take_a_key_and_changes_a_version(api: Api):
    for path, methods in (await document(api))["paths"].items():
        for method, one in methods.items():
            names = {each["name"] for each in one.get("parameters", ())}
            assert ("Idempotency-Key" in names) == (method != "get"), path
            if method == "patch":
                assert "If-Match" in names, path


async def test_an_answer_of_a_real_product_fits_its_schema(api: Api):
    found = await document(api)
    made = await api.mug()
    schema = {"$ref": "#/components/schemas/ProductOut", "components": found["components"]}
    Draft202012Validator(schema).validate(made)
    page = (await api.get("/products")).json()
    schema = {"$ref": "#/components/schemas/ProductPage", "components": found["components"]}
    Draft202012Validator(schema).validate(page)


async def test_the_page_loads_nothing_from_elsewhere(api: Api):
    for path in ("/docs", "/docs/errors", "/docs/docs.js", "/docs/docs.css"):
        answer = await api.client.get(path)
        assert answer.status_code == 200, path
        assert not re.search(r"(src|href)=.https?:|url\(|@import|//cdn", answer.text), path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
    assert "nonsense" not in (await api.client.get("/docs/nonsense")).headers


async def test_the_error_codes_are_served_where_problems_point(api: Api):
    answer = await api.client.get("/docs/errors.md")
    assert answer.text == ERRORS.read_text("utf-8")


async def test_no_stock_page_of_the_framework_is_left(api: Api):
    for path in ("/redoc", "/docs/oauth2-redirect"):
        assert (await api.client.get(path)).status_code == 404
