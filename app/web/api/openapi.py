"""The OpenAPI document: every operation of `/api/v1`, with an example for all that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from app.web.api.shapes import FieldProblem, Problem

OWN = frozenset({"/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"})
JSON = "application/json"
ABOUT = """Everything a merchant can do, for their own programs. Send your key as
`Authorization: Bearer <key>`; it names the shop. Every write takes an `Idempotency-Key`, every
update an `If-Match`. Whatever goes wrong is answered as `application/problem+json` with a stable
`code`, explained at [/docs/errors](/docs/errors)."""

Schema = Mapping[str, Any]


def install(app: FastAPI, router: APIRouter) -> None:
    """Makes `app` speak of this router alone, with examples; its stock pages go."""
    app.router.routes[:] = [
        route for route in app.router.routes if getattr(route, "path", None) not in OWN
    ]

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _written(router)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _written(router: APIRouter) -> dict[str, Any]:
    found = get_openapi(
        title="Dangol", version="1", description=ABOUT, routes=router.routes,
        openapi_version="3.1.0",
    )  # fmt: skip
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for model in (Problem, FieldProblem):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    parts["securitySchemes"] = {"apiKey": {"type": "http", "scheme": "bearer"}}
    for operations in found["paths"].values():
        for operation in operations.values():
            _exemplify(operation, schemas)
    return found


def _exemplify(operation: dict[str, Any], schemas: Schema) -> None:
    body = operation.get("requestBody", {}).get("content", {})
    answers = [one.get("content", {}) for one in operation["responses"].values()]
    for content in (body, *answers):
        for media in content.values():
            media["example"] = example_of(media["schema"], schemas)


def example_of(schema: Schema, schemas: Schema) -> Any:
    """An example put together of those of the parts."""
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("example", "const", "default"):
        if word in schema and not (word == "default" and schema[word] in (None, [], {})):
            return schema[word]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return example_of(schema[word][0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    return _by_type(schema, schemas)


def _by_type(schema: Schema, schemas: Schema) -> Any:
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {})
            return {name: example_of(one, schemas) for name, one in members.items()}
        case "array":
            return [example_of(schema["items"], schemas)] if "items" in schema else []
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 0)
    return "…"
