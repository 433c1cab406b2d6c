"""Accounts at platforms and providers. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field, SecretStr
from starlette.responses import Response

from app.core.errors import Conflict, Rejected
from app.merchants.pause_account import pause_account
from app.merchants.put_account import put_account
from app.merchants.read import AccountRow
from app.merchants.take import (
    account_named,
    account_of,
    disconnect_account,
    page_of_accounts,
    take_shop,
)
from app.web.api.answers import etag_of, listed
from app.web.api.caller import Caller, Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.shapes import Form, Moment, Name, OneId, Out, Page

endpoints = Endpoints("accounts")
LIST = "accounts"

Id = Annotated[OneId, Path(examples=["acc_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]
Secret = Annotated[SecretStr, Field(max_length=4000)]


class AccountForm(Form):
    """An account to connect. `external_id` is the platform's own id of it."""

    channel: Name = Field(examples=["instagram"])
    external_id: Name = Field(examples=["17841400000000001"])
    secrets: dict[Name, Secret] = Field(
        default={},
        max_length=20,
        description="By name. Write-only: only `secret_names` is ever shown.",
        examples=[{"app_secret": "…", "verify_token": "…", "access_token": "…"}],
    )


class AccountPatch(Form):
    """What is to be different. A secret that is not named stays; null removes it."""

    secrets: dict[Name, Secret | None] = Field(
        default={}, max_length=20, examples=[{"access_token": "…"}]
    )
    state: Literal["active", "paused"] | None = Field(
        default=None, description="`paused` sends nothing until it is `active` again."
    )


class AccountOut(Out):
    """An account, by the names of its secrets. `api_url` belongs to the operator."""

    id: str = Field(examples=["acc_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    channel: str = Field(examples=["instagram"])
    external_id: str = Field(examples=["17841400000000001"])
    state: str = Field(description="active | paused | needs-reauth", examples=["active"])
    paused_until: datetime | None = Field(examples=[None])
    secret_names: list[str] = Field(examples=[["access_token", "app_secret", "verify_token"]])
    api_url: str | None = Field(examples=[None])
    last_event_at: datetime | None = Field(examples=["2026-11-02T03:00:00Z"])
    created_at: Moment
    updated_at: Moment


class AccountPage(Page[AccountOut]):
    """Some accounts, the newest first."""


@endpoints.get("/accounts", AccountPage, "settings:read")
async def list_accounts(caller: Calling, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The shop's accounts, the newest first."""
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        rows = await page_of_accounts(unit, caller.shop_id, after, limit + 1)
    return listed(caller, LIST, AccountPage, AccountOut.model_validate, rows, limit)


@endpoints.write("POST", "/accounts", AccountOut, "settings:write", status=201, etag=True)
async def create_account(caller: Calling, form: AccountForm) -> Response:
    """Connects an account. Its webhooks come to `/hooks/{channel}/{external_id}` from now on."""
    _known(caller, form.channel)
    secrets = {name: secret.get_secret_value() for name, secret in form.secrets.items()}
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        if await account_named(unit, caller.shop_id, form.channel, form.external_id) is not None:
            raise Conflict("The shop has this account already: change it.", code="account-exists")
        put = await put_account(unit, caller.shop_id, form.channel, form.external_id, secrets)
        row = await account_of(unit, caller.shop_id, put.id)
        return await caller.answer(
            unit, AccountOut.model_validate(row), status=201, etag=_etag(row),
            location=f"/api/v1/accounts/{row.id}",
        )  # fmt: skip


@endpoints.get("/accounts/{account_id}", AccountOut, "settings:read", etag=True)
async def get_account(caller: Calling, account_id: Id) -> Response:
    """One account."""
    async with caller.read() as unit:
        row = await account_of(unit, caller.shop_id, account_id)
    return caller.show(AccountOut.model_validate(row), etag=_etag(row))


@endpoints.write("PATCH", "/accounts/{account_id}", AccountOut, "settings:write", etag=True)
async def update_account(caller: Calling, account_id: Id, patch: AccountPatch) -> Response:
    """Replaces secrets, or stops and starts what is sent through the account."""
    secrets = {
        name: None if secret is None else secret.get_secret_value()
        for name, secret in patch.secrets.items()
    }
    async with caller.write() as unit:
        row = await account_of(unit, caller.shop_id, account_id, lock=True)
        caller.expect(_etag(row))
        # The address given by the operator goes in again as it is: a new one would drop the token.
        await put_account(unit, caller.shop_id, row.channel, row.external_id, secrets, row.api_url)
        if patch.state is not None:
            await pause_account(unit, row.id, patch.state)
        row = await account_of(unit, caller.shop_id, account_id)
        return await caller.answer(unit, AccountOut.model_validate(row), etag=_etag(row))


@endpoints.write("DELETE", "/accounts/{account_id}", None, "settings:write", status=204, etag=True)
async def delete_account(caller: Calling, account_id: Id) -> Response:
    """Disconnects the account and forgets its secrets. What waits to leave through it dies."""
    async with caller.write() as unit:
        row = await account_of(unit, caller.shop_id, account_id, lock=True)
        caller.expect(_etag(row))
        await disconnect_account(unit, caller.shop_id, account_id)
        return await caller.answer(unit, None, status=204)


def _known(caller: Caller, channel: str) -> None:
    known = {*caller.context.channels, *caller.context.gateways}
    if channel not in known:
        raise Rejected(
            f"There is no channel called {channel}. There are: {', '.join(sorted(known))}.",
            code="no-channel",
        )


def _etag(row: AccountRow) -> str:
    return etag_of(row.updated_at, row.state, row.paused_until)
