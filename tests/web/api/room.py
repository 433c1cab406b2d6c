"""The API of a whole town: what a merchant asks while shoppers write and the loops run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from app.merchants.create_key import create_key
from app.merchants.read import shop_at
from app.web.api.routes import api_app_parts
from tests.journeys.town import Town


@dataclass
class Office:
    """A merchant's program beside the town."""

    here: Town
    client: httpx.AsyncClient

    async def ask(
        self, method: str, path: str, body: Any = None, *, idle: bool = False, **headers: Any
    ) -> httpx.Response:
        """One request while the loops go on (or, with `idle`, stand still)."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = self.client.request(method, f"/api/v1{path}", json=body, headers=sent)
        asked = asyncio.create_task(request)
        while not asked.done():
            if not idle:
                await self.here.rest()
            await asyncio.sleep(0.01)
        return await asked

    async def read(self, path: str) -> Any:
        """What a read answers."""
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def items(self, path: str) -> list[Any]:
        """The items of a list."""
        found: list[Any] = (await self.read(path))["items"]
        return found


async def open_office(here: Town) -> Office:
    """The API over the town's house, with a key for all."""
    app = FastAPI()
    app.state.context = here.dangol.context
    api_app_parts(app)
    async with here.dangol.engine.write() as unit:
        shop = await shop_at(unit, "hanok")
        assert shop is not None
        key = await create_key(unit, shop.id, ["all"])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {key}"}
    return Office(
        here, httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers)
    )
