"""Connecting an account of a shop at a platform or provider. Secrets go in and never come out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.core.errors import Conflict
from app.db.unit import Unit
from app.merchants import store
from app.merchants.seal import open_secrets, seal_secrets

APP_SECRET = "app_secret"  # noqa: S105 - a name; proves the platform app, not the account
ACCESS_TOKEN = "access_token"  # noqa: S105 - a name; lets us act as the account


class AccountPut(msgspec.Struct, frozen=True):
    """The account's id, and whether anything is different now."""

    id: str
    changed: bool
    created: bool = False


async def put_account(
    unit: Unit,
    shop_id: str,
    channel: str,
    external_id: str,
    secrets: Mapping[str, str | None] | None = None,
    api_url: str | None = None,
) -> AccountPut:
    """Connects the account, or changes it. A secret not named stays, one that is None is removed.

    A new `api_url` drops the stored access token unless a new one comes along: a token is never
    sent to a place it was not given for.
    """
    found = await store.account_row(unit, channel, external_id)
    given = dict(secrets or {})
    if found is None:
        return await _connect(unit, shop_id, channel, external_id, given, api_url)
    if found.shop_id != shop_id:
        raise Conflict(
            f"The {channel} account {external_id} belongs to another shop.", code="account-taken"
        )
    stored = open_secrets(unit.vault, shop_id, found.id, found.secrets)
    kept = dict(stored)
    if api_url != found.api_url:
        kept.pop(ACCESS_TOKEN, None)
    kept = _named(kept | given)
    if kept == stored and api_url == found.api_url:
        return AccountPut(found.id, changed=False)
    values = _columns(unit, shop_id, found.id, kept) | {"api_url": api_url}
    token = kept.get(ACCESS_TOKEN)
    if found.state == "needs-reauth" and token and token != stored.get(ACCESS_TOKEN):
        values |= {"state": "active", "paused_until": None}
    await store.update_account(unit, found.id, values)
    await store.set_app_keys(unit, shop_id, found.id, _app_keys(unit, channel, kept))
    return AccountPut(found.id, changed=True)


async def drop_account(unit: Unit, shop_id: str, channel: str, external_id: str) -> bool:
    """Disconnects the account and forgets its secrets; False when there is none of this shop."""
    found = await store.account_row(unit, channel, external_id)
    if found is None or found.shop_id != shop_id:
        return False
    await store.delete_account(unit, found.id)
    return True


async def _connect(
    unit: Unit,
    shop_id: str,
    channel: str,
    external_id: str,
    given: Mapping[str, str | None],
    api_url: str | None,
) -> AccountPut:
    account_id = unit.ids.new("acc", unit.now)
    secrets = _named(given)
    values = _columns(unit, shop_id, account_id, secrets) | {
        "id": account_id,
        "shop_id": shop_id,
        "channel": channel,
        "external_id": external_id,
        "api_url": api_url,
        "state": "active",
        "created_at": unit.now,
    }
    if not await store.insert_account(unit, values):
        raise Conflict(
            f"The {channel} account {external_id} has just been connected.", code="account-taken"
        )
    await store.set_app_keys(unit, shop_id, account_id, _app_keys(unit, channel, secrets))
    return AccountPut(account_id, changed=True, created=True)


def _named(secrets: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in secrets.items() if value}


def _columns(
    unit: Unit, shop_id: str, account_id: str, secrets: Mapping[str, str]
) -> dict[str, object]:
    return {
        "secrets": seal_secrets(unit.vault, shop_id, account_id, secrets),
        "secret_names": sorted(secrets),
        "updated_at": unit.now,
    }


def _app_keys(unit: Unit, channel: str, secrets: Mapping[str, str]) -> set[str]:
    """One fingerprint for each app secret that is valid now."""
    valid = secrets.get(APP_SECRET, "").split()
    return {unit.vault.fingerprint(f"app {channel}", secret) for secret in valid}
