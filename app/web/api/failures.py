"""Whatever goes wrong becomes a problem document, and nothing of the inside leaks into it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import Broken, DangolError, Denied, Unavailable
from app.web.context import context_of
from app.web.problems import MEDIA_TYPE, Forbidden, encoded, problem, problem_of

Page = Callable[[Request, dict[str, Any]], Response]

REALM = 'Bearer realm="dangol"'
OURS = "The request failed on our side. It was recorded; nothing half done is left behind."
HTTP: Mapping[int, tuple[str, str, str]] = {
    400: ("The request cannot be read", "The body cannot be read.", "malformed"),
    404: ("Not found", "There is nothing at this address.", "no-route"),
    405: ("Not allowed", "This address does not take that method.", "method"),
    413: ("Too large", "The body is larger than is taken here.", "too-large"),
}

log = structlog.get_logger()


def failed(request: Request, error: DangolError) -> Response:
    """The answer for one of our own errors."""
    if isinstance(error, Broken):
        log.error("api.broken", path=request.url.path, code=error.code, text=error.text)
        error = Broken(OURS, code=error.code)
    return _answer(problem_of(error), _headers(error))


def invalid(error: RequestValidationError) -> Response:
    """The answer for input that is not as described: each field with what is wrong with it.

    What was sent is never repeated: it may be a secret.
    """
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        text = "The body is not JSON."
        return _answer(problem(400, "The request cannot be read", text, "malformed"))
    fields = [
        {
            "where": str(one["loc"][0]) if one["loc"] else "body",
            "field": ".".join(str(part) for part in one["loc"][1:]),
            "message": str(one["msg"]),
            "rule": str(one["type"]),
        }
        for one in found
    ]
    named = ", ".join(sorted({one["field"] or one["where"] for one in fields}))
    detail = f"Something is missing or not as it should be: {named}."
    return _answer(
        problem(422, "The request cannot be carried out", detail, "invalid", errors=fields)
    )


def refused_by_http(error: HTTPException) -> Response:
    """The answer for what the framework refused: no such address, method, or too large."""
    title, detail, code = HTTP.get(error.status_code, ("Refused", str(error.detail), "http"))
    return _answer(problem(error.status_code, title, detail, code), error.headers)


def defect(request: Request, error: Exception) -> Response:
    """The answer for what nobody foresaw, and for a database that is away."""
    if context_of(request).engine.transient(error):
        return failed(request, Unavailable("The database does not answer.", after=2))
    # As text, without the variables: among them may be secrets.
    trace = "".join(traceback.format_exception(error))
    log.error("web.failed", path=request.url.path, method=request.method, traceback=trace)
    return _answer(problem(500, "Something is wrong on our side", OURS, "broken"))


def register(
    app: FastAPI, allowed: Callable[[str], Sequence[str]], page: Page | None = None
) -> None:
    """Registers the handlers. `allowed` names the methods an address of the API takes; `page`
    shows a problem to a browser outside `/api/`.
    """

    def shown(request: Request, answer: Response) -> Response:
        reads_pages = "text/html" in request.headers.get("accept", "")
        if page is None or not reads_pages or request.url.path.startswith("/api/"):
            return answer
        return page(request, msgspec.json.decode(answer.body))

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, DangolError)  # noqa: S101 - registered for it
        return shown(request, failed(request, error))

    async def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        return shown(request, invalid(error))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        answer = refused_by_http(error)
        methods = allowed(request.url.path) if error.status_code == 405 else ()
        if methods:  # the framework names those of the first route alone
            answer.headers["allow"] = ", ".join(methods)
        return shown(request, answer)

    async def unforeseen(request: Request, error: Exception) -> Response:
        return shown(request, defect(request, error))

    app.add_exception_handler(DangolError, own)
    app.add_exception_handler(RequestValidationError, wrong)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)


def _headers(error: DangolError) -> dict[str, str]:
    match error:
        case Forbidden(scope=scope) if scope:
            challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
            return {"www-authenticate": challenge}
        case Denied(code="bad-key"):
            return {"www-authenticate": f'{REALM}, error="invalid_token"'}
        case Denied():
            return {"www-authenticate": REALM}
        case Unavailable(after=after):
            return {"retry-after": str(max(1, round(after)))}
    return {}


def _answer(document: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        encoded(document),
        status_code=document["status"],
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", **(headers or {})},
    )
