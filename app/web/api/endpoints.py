"""How an endpoint of the API is declared: what it needs, what it answers, what may go wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from app.web.api.caller import let_in
from app.web.api.once import once
from app.web.api.scopes import Scope
from app.web.problems import MEDIA_TYPE

PROBLEMS = {
    400: "The body cannot be read.",
    401: "There is no API key, or it is not valid.",
    403: "The key lacks the scope.",
    404: "The shop has no such thing.",
    409: "It is in a state that does not allow this, or the same request is under way.",
    412: "It was changed since you read it.",
    413: "The body is too large.",
    422: "The request is understood and cannot be carried out.",
    500: "Something went wrong on our side.",
    503: "Try again shortly.",
}
ALWAYS = (401, 403, 422, 500, 503)
BODY_LIMIT = 1024 * 1024

Run = TypeVar("Run", bound=Callable[..., Awaitable[Response]])

KEY_HEADER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request takes effect once and is answered the same "
    "for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "example": "b1c0f1d2-order-4K-219",
}
MATCH_HEADER: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you read: the change is refused (412) when it is another by now.",
    "schema": {"type": "string"},
    "example": '"3"',
}
_REFERENCE = {"$ref": "#/components/schemas/Problem"}


class ApiRoute(APIRoute):
    """Lets nobody in without a key for its scopes; a write takes effect once per key."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Any of these opens the route."""
        return tuple((self.openapi_extra or {})["x-scopes"])

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()
        scopes, reads = self.scopes, self.methods == {"GET"}

        async def handle(request: Request) -> Response:
            caller = await let_in(request, scopes)
            request = Request(request.scope, _capped(request.receive))
            request.state.caller = caller
            return await (inner(request) if reads else once(caller, request, inner))

        return handle


@dataclass(frozen=True)
class Endpoints:
    """The endpoints of one resource; each becomes an operation named after its function."""

    tag: str
    router: APIRouter = field(default_factory=lambda: APIRouter(route_class=ApiRoute))

    def get(
        self,
        path: str,
        answer: type[BaseModel],
        scope: Scope | tuple[Scope, ...],
        *,
        etag: bool = False,
    ) -> Callable[[Run], Run]:
        """A read."""
        return self._add("GET", path, answer, scope, 200, etag=etag)

    def write(
        self,
        method: str,
        path: str,
        answer: type[BaseModel] | None,
        scope: Scope,
        *,
        status: int = 200,
        etag: bool = False,
        waits: bool = False,
    ) -> Callable[[Run], Run]:
        """A write. One that `waits` answers 202 when its outcome takes too long."""
        return self._add(method, path, answer, scope, status, etag=etag, waits=waits)

    def _add(
        self,
        method: str,
        path: str,
        answer: type[BaseModel] | None,
        scope: Scope | tuple[Scope, ...],
        status: int,
        *,
        etag: bool = False,
        waits: bool = False,
    ) -> Callable[[Run], Run]:
        scopes = (scope,) if isinstance(scope, str) else scope
        responses = _responses(method, path, status, etag=etag)
        if waits:
            responses[202] = {
                "description": "Accepted; `Location` tells where its outcome will be."
            }

        def register(run: Run) -> Run:
            self.router.add_api_route(
                path,
                run,
                methods=[method],
                status_code=status,
                tags=[self.tag],
                operation_id=run.__name__,
                response_model=answer,
                responses=responses,
                openapi_extra=_extra(method, scopes, etag=etag),
            )
            return run

        return register


def _capped(receive: Receive) -> Receive:
    """The same body, but not more of it than is taken here."""
    size = 0

    async def capped() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > BODY_LIMIT:
            raise HTTPException(413)
        return message

    return capped


def _responses(
    method: str, path: str, status: int, *, etag: bool
) -> dict[int | str, dict[str, Any]]:
    codes = set(ALWAYS)
    if method != "GET":
        codes |= {400, 409, 413}
    if "{" in path:
        codes.add(404)
    if etag and method in ("PATCH", "DELETE", "PUT"):
        codes.add(412)
    found: dict[int | str, dict[str, Any]] = {
        code: {"description": PROBLEMS[code], "content": {MEDIA_TYPE: {"schema": _REFERENCE}}}
        for code in sorted(codes)
    }
    found[status] = {"description": "Done." if method != "GET" else "What was asked for."}
    if etag and status != 204:
        header = {"description": "The version of what is shown.", "schema": {"type": "string"}}
        found[status]["headers"] = {"ETag": header}
    return found


def _extra(method: str, scopes: tuple[str, ...], *, etag: bool) -> dict[str, Any]:
    parameters = [] if method == "GET" else [KEY_HEADER]
    if etag and method in ("PATCH", "DELETE", "PUT"):
        parameters = [*parameters, MATCH_HEADER]
    extra: dict[str, Any] = {"x-scopes": list(scopes), "security": [{"apiKey": []}]}
    return {**extra, "parameters": parameters} if parameters else extra
