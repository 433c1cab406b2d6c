"""How an account's secrets lie in the database: one sealed document, bound to its row."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.core.ports import Vault

_decoder = msgspec.json.Decoder(dict[str, str])


def seal_secrets(vault: Vault, shop_id: str, account_id: str, secrets: Mapping[str, str]) -> bytes:
    """The secrets by name, sealed to their row."""
    plain = msgspec.json.encode(dict(secrets), order="sorted")
    return vault.seal(plain, shop_id, "account", "secrets", account_id)


def open_secrets(vault: Vault, shop_id: str, account_id: str, sealed: bytes) -> dict[str, str]:
    """The secrets by name."""
    return _decoder.decode(vault.open(sealed, shop_id, "account", "secrets", account_id))
