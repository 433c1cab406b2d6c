"""The shopper's pages as an application of their own, and what a test reads off a page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select

from app.core.ports import Asgi
from app.db.base import metadata
from app.engine.contract import Engine
from app.web.address.routes import router as address
from app.web.chat.routes import router as chat
from app.web.context import Context
from app.web.hooks import Front, Hooks
from app.web.pay.returned import router as returned
from app.web.pay.routes import router as pay
from app.web.play.routes import router as play
from app.web.play.stage import Stage
from app.web.site.security import SecurityHeaders
from app.web.site.static import PREFIX, files

URL = "http://shop.test"

# Text that tries to become something else, wherever a stranger's words end up.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'\"--></style></script><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "\u202egnp.exe\u0000\u200b",
    "&lt;b&gt;&#x3c;script&#x3e;",
    "a" * 10_000,
    "👩‍👩‍👧‍👦" * 50,
)


def pages(
    context: Context,
    stage: Stage | None = None,
    parts: Mapping[str, Asgi] | None = None,
    **settings: Any,
) -> Asgi:
    """Pages and hooks around a context, as `app.main` puts them together."""
    changed = context.settings.model_copy(update=settings)
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.context = replace(context, settings=changed)
    if stage is not None:
        app.state.stage = stage
    for router in (pay, returned, address, chat, play):
        app.include_router(router)
    for path, part in (parts or {}).items():
        app.mount(path, part)
    app.mount(PREFIX, files)
    return SecurityHeaders(Front(Hooks(app.state.context), app))


@asynccontextmanager
async def visiting(app: Asgi, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts, cookies or patience for redirects."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
        yield client


class Reader(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def read(answer: httpx.Response) -> Reader:
    """The page of an answer, which must keep the rules that every page keeps."""
    reader = Reader(answer.text)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for tag, attributes in reader.elements:
        assert tag not in ("iframe", "object", "embed", "base"), tag
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src", "action"):
            assert not (attributes.get(name) or "").lower().startswith(("javascript:", "data:"))
    scripts = [one.get("src") or "" for one in reader.all("script")]
    assert all(re.match(r"/(static/|chat/widget\.js)", src) for src in scripts)
    assert "Traceback" not in answer.text
    return reader


async def everything(engine: Engine) -> dict[str, object]:
    """All rows of all tables, to see that nothing was changed."""
    async with engine.read() as unit:
        found: dict[str, object] = {}
        for table in metadata.sorted_tables:
            rows = await unit.rows(select(table))
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found


async def count(engine: Engine, name: str) -> int:
    """How many rows a table has."""
    async with engine.read() as unit:
        return int(await unit.value(select(func.count()).select_from(metadata.tables[name])))
