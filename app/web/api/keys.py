"""API keys: made and shown once, listed by their beginning, revoked at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app.merchants.create_key import ALL, create_key, revoke_key
from app.merchants.take import key_of_prefix, page_of_keys
from app.web.api.answers import listed
from app.web.api.caller import Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.scopes import GRANTED, Granted
from app.web.api.shapes import Form, Moment, OneId, Out, Page
from app.web.problems import Forbidden

endpoints = Endpoints("api keys")
LIST = "keys"

Id = Annotated[OneId, Path(examples=["key_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]


class KeyForm(Form):
    """What the new key may do: at most what the key may that makes it."""

    scopes: list[Granted] = Field(
        min_length=1, max_length=len(GRANTED), examples=[["catalog:read", "catalog:write"]]
    )


class KeyOut(Out):
    """A key as it may be shown: `prefix` is how it begins, after `dgl_`."""

    id: str = Field(examples=["key_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    prefix: str = Field(examples=["7Q2M9X0K4B"])
    scopes: list[str] = Field(examples=[["catalog:read", "catalog:write"]])
    created_at: Moment
    last_used_at: datetime | None = Field(examples=["2026-11-02T03:00:00Z"])
    revoked_at: datetime | None = Field(examples=[None])


class NewKeyOut(KeyOut):
    """A new key. `key` is shown this once and cannot be read again."""

    key: str = Field(examples=["dgl_7Q2M9X0K4B_…"])


class KeyPage(Page[KeyOut]):
    """Some keys, the newest first."""


@endpoints.get("/api-keys", KeyPage, "settings:read")
async def list_api_keys(caller: Calling, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The shop's keys, the newest first, those that were revoked included."""
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        rows = await page_of_keys(unit, caller.shop_id, after, limit + 1)
    return listed(caller, LIST, KeyPage, KeyOut.model_validate, rows, limit)


@endpoints.write("POST", "/api-keys", NewKeyOut, "settings:write", status=201)
async def create_api_key(caller: Calling, form: KeyForm) -> Response:
    """Makes a key. Keep what is answered: it is shown once."""
    beyond = sorted({scope for scope in form.scopes if not caller.holder.may(scope)})
    if beyond:
        raise Forbidden(
            f"A key cannot give what it has not: {', '.join(beyond)}.",
            scope=ALL if ALL in beyond else " ".join(beyond),
            code="scope-beyond",
        )
    async with caller.write() as unit:
        text = await create_key(unit, caller.shop_id, form.scopes)
        row = await key_of_prefix(unit, caller.shop_id, text.split("_")[1])
        shown = NewKeyOut(key=text, **KeyOut.model_validate(row).model_dump())
        return await caller.answer(unit, shown, status=201, location=f"/api/v1/api-keys/{row.id}")


@endpoints.write("DELETE", "/api-keys/{key_id}", None, "settings:write", status=204)
async def revoke_api_key(caller: Calling, key_id: Id) -> Response:
    """Revokes the key: it opens nothing from now on."""
    async with caller.write() as unit:
        await revoke_key(unit, caller.shop_id, key_id)
        return await caller.answer(unit, None, status=204)
