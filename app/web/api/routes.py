"""The API as a whole, and the one line by which an application takes it in."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from app.web.api import (
    accounts,
    campaigns,
    conversations,
    docs,
    events,
    failures,
    keys,
    letters,
    members,
    openapi,
    orders,
    products,
    shop,
    variants,
)
from app.web.api.endpoints import ApiRoute

PREFIX = "/api/v1"
RESOURCES = (
    shop, accounts, products, variants, campaigns, orders, conversations, members, letters, events,
    keys,
)  # fmt: skip

api_router = APIRouter(prefix=PREFIX)
for resource in RESOURCES:
    api_router.include_router(resource.endpoints.router)


def api_app_parts(app: FastAPI, page: failures.Page | None = None) -> None:
    """Adds the API, its documents and the handlers that turn every error into a problem.

    `page` shows a problem to a browser that asked for a page outside `/api/`.
    """
    app.state.keys_seen = {}
    openapi.install(app, api_router)
    app.include_router(api_router)
    app.include_router(docs.router)
    failures.register(app, _allowed, page)


def _allowed(path: str) -> list[str]:
    """The methods that this address takes."""
    inside = path.removeprefix(PREFIX)
    methods: set[str] = set()
    for resource in RESOURCES:
        for route in resource.endpoints.router.routes:
            if isinstance(route, ApiRoute) and route.path_regex.match(inside):
                methods |= route.methods or set()
    return sorted(methods)
