"""The API's documents: `/openapi.json`, a page that reads it, and what every error code means.

The page is ours and loads nothing from elsewhere.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from app.core.errors import NotFound

HERE = Path(__file__).parent / "static"
ERRORS = Path(__file__).parents[3] / "docs" / "errors.md"
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
FILES = {"docs.js": "text/javascript", "docs.css": "text/css"}

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def page() -> HTMLResponse:
    """The page that shows it."""
    return HTMLResponse((HERE / "docs.html").read_text("utf-8"), headers=HEADERS)


@router.get("/docs/errors")
async def errors() -> HTMLResponse:
    """What every error code means: where the `type` of a problem leads."""
    return HTMLResponse((HERE / "docs.html").read_text("utf-8"), headers=HEADERS)


@router.get("/docs/errors.md")
async def errors_text() -> Response:
    """The same as text."""
    if not ERRORS.exists():
        raise NotFound("This installation has no documents. See docs/errors.md of the project.")
    return PlainTextResponse(ERRORS.read_text("utf-8"), headers=HEADERS)


@router.get("/docs/{name}")
async def part(name: str) -> Response:
    """What the page is made of."""
    if name not in FILES:
        raise NotFound("There is no such document.")
    text = (HERE / name).read_text("utf-8")
    return Response(text, media_type=FILES[name], headers=HEADERS)
