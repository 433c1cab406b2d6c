"""The API over HTTP on real engines, with two shops that must never see each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.bootstrap import channels_on
from app.conversations.house import House, Pages
from app.conversations.render import Renderer
from app.engine.contract import Engine
from app.gateways.sandbox import SandboxGateway
from app.inbox.accept import Acceptor
from app.merchants.create_key import create_key
from app.merchants.create_shop import ShopForm, create_shop
from app.settings import Settings
from app.web.accounts import AccountBook
from app.web.api.routes import api_app_parts
from app.web.context import Context

MUG: dict[str, Any] = {
    "slug": "moon-mug",
    "title": {"en": "Moon mug", "ko": "달 머그"},
    "options": [{"name": {"en": "Glaze"}, "values": ["black", "white"]}],
    "variants": [
        {"sku": "MUG-B", "price": 18000, "values": ["black"], "stock": 5},
        {"sku": "MUG-W", "price": 19000, "values": ["white"]},
    ],
}


@dataclass
class Api:
    """A client with a key, and what a test needs around it."""

    engine: Engine
    context: Context
    app: FastAPI
    client: httpx.AsyncClient
    shop_id: str
    other_shop_id: str
    key: str
    other_key: str

    async def new_key(self, *scopes: str, shop_id: str | None = None) -> str:
        """A key of the shop with these scopes."""
        async with self.engine.write() as unit:
            return await create_key(unit, shop_id or self.shop_id, scopes)

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request; header names with `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("authorization", f"Bearer {key or self.key}")
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=sent)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """A read with the shop's key."""
        return await self.call("GET", path, **headers)

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """A write with the shop's key."""
        return await self.call("POST", path, body, **headers)

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """A change with the shop's key."""
        return await self.call("PATCH", path, body, **headers)

    async def mug(self) -> dict[str, Any]:
        """A product to sell."""
        answer = await self.post("/products", MUG)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def make_context(engine: Engine, folder: Path) -> Context:
    """The house around the API."""
    settings = Settings(_env_file=None, var_dir=folder, wait_seconds=0.6)  # type: ignore[call-arg]
    channels = channels_on(engine.clock)
    pages = Pages(settings.public_url)
    limits = {name: plug.limits for name, plug in channels.items()}
    return Context(
        settings=settings,
        engine=engine,
        acceptor=Acceptor(engine),
        house=House(limits, Renderer.load(), pages),
        accounts=AccountBook(engine),
        channels=channels,
        gateways={"pay:sandbox": SandboxGateway("http://sandbox.test")},
    )


@pytest.fixture
async def api(engine: Engine, tmp_path: Path) -> AsyncIterator[Api]:
    """The API with two shops, a key for all of each."""
    context = make_context(engine, tmp_path)
    async with engine.write() as unit:
        shops = [
            await create_shop(unit, ShopForm(slug=slug, name=slug.title(), currency="KRW"))
            for slug in ("hanok", "rival")
        ]
        keys = [await create_key(unit, shop_id, ["all"]) for shop_id in shops]
    app = FastAPI()
    app.state.context = context
    api_app_parts(app)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://dangol.test") as client:
        yield Api(engine, context, app, client, shops[0], shops[1], keys[0], keys[1])
