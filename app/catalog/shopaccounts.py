"""The accounts a shop file names: channels, payment providers, the membership store outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from app.catalog.forms import Complaint
from app.catalog.shopform import ShopFile
from app.db.unit import Unit
from app.merchants.put_account import ACCESS_TOKEN, drop_account, put_account
from app.merchants.read import AccountRow

SECRET = "secret"  # noqa: S105 - a name; what a membership store checks our signature with
API_KEY = "api_key"  # what a payment provider knows the shop by
STORE = "store:webhook"


class Wish(msgspec.Struct, frozen=True):
    """An account as the file wants it; `path` is where the file says so."""

    path: str
    channel: str
    external_id: str
    secrets: dict[str, str | None]
    api_url: str | None


def pay_channel(provider: str) -> str:
    """The channel name of a payment provider's account."""
    return f"pay:{provider}"


def wishes(file: ShopFile) -> Iterator[Wish]:
    """Every account the file names."""
    for at, each in enumerate(file.channels):
        path = f"channels[{at}]"
        yield Wish(path, each.channel, each.account, each.secrets, each.api_url)
    for at, paid in enumerate(file.payments):
        path, channel = f"payments[{at}]", pay_channel(paid.provider)
        yield Wish(path, channel, file.shop.slug, paid.secrets, paid.api_url)
    if file.membership is not None and file.membership.hand_off is not None:
        part = file.membership.hand_off
        secrets = {SECRET: part.secret}
        yield Wish("membership.hand_off", STORE, file.shop.slug, secrets, part.url)


def secret_complaints(
    wish: Wish, stored: AccountRow | None, unset: Mapping[str, str]
) -> Iterator[Complaint]:
    """Secrets that the file names, that are not set, and that are not stored either."""
    names = set(stored.secret_names) if stored is not None else set()
    if stored is not None and stored.api_url != wish.api_url:
        names.discard(ACCESS_TOKEN)  # a token is not sent to a place it was not given for
    for secret, value in wish.secrets.items():
        path = f"{wish.path}.{secret}"
        if value is None and secret not in names:
            variable = unset.get(path)
            instead = f"set {variable} in the environment, or write" if variable else "write"
            yield path, f"{instead} the value: none is stored"


async def connect(unit: Unit, shop_id: str, wish: Wish, stored: AccountRow | None) -> str | None:
    """Puts the account as wished; what changed, None when nothing did."""
    given: dict[str, str | None] = {
        name: value for name, value in wish.secrets.items() if value is not None
    }
    if wish.channel.startswith("pay:") and not given and stored is None:
        given[API_KEY] = unit.ids.secret()  # our own provider takes whatever key we make up
    put = await put_account(
        unit, shop_id, wish.channel, wish.external_id, given, api_url=wish.api_url
    )
    if not put.changed:
        return None
    what = "new" if put.created else "changed"
    return f"account {wish.channel} {wish.external_id}: {what}"


async def disconnect_store(unit: Unit, shop_id: str, slug: str) -> str | None:
    """The file names no membership store: none is told any more."""
    gone = await drop_account(unit, shop_id, STORE, slug)
    return f"account {STORE} {slug}: disconnected" if gone else None
