"""Every route of the API as a caller sees it, found in the application itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.openapi.utils import get_openapi

from app.web.api.endpoints import ApiRoute
from app.web.api.routes import PREFIX, RESOURCES, api_router


@dataclass(frozen=True)
class Walked:
    """One operation: how it is asked, and which scopes open it."""

    method: str
    path: str
    scopes: tuple[str, ...]
    operation: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.operation["operationId"])

    def at(self, **ids: str) -> str:
        """The path below the prefix with these ids in it."""
        path = self.path.removeprefix(PREFIX)
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        return path


def document() -> dict[str, Any]:
    """What the framework itself says of the router."""
    return get_openapi(title="x", version="1", routes=api_router.routes)


def walk() -> Iterator[Walked]:
    """Every operation."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            scopes = tuple(operation.get("x-scopes", ()))
            yield Walked(method.upper(), path, scopes, operation)


def registered() -> list[ApiRoute]:
    """The routes themselves."""
    found = []
    for resource in RESOURCES:
        for route in resource.endpoints.router.routes:
            assert isinstance(route, ApiRoute), f"{route} lets everybody in"
            found.append(route)
    return found


ALL = list(walk())
