"""Tokens of a visitor's session: `<visitor>.<expiry>.<signature>`, signed with the app secret."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec

from app.core.ports import Account
from app.edge.signing import keys, signature, signed_by

LIVES = timedelta(hours=24)
RENEWABLE = timedelta(days=30)  # after its end
VISITOR = re.compile(r"[0-9A-Za-z_-]{8,64}")
_TOKEN = re.compile(r"([0-9A-Za-z_-]{8,64})\.(\d{1,11})\.([0-9a-f]{64})")


class Session(msgspec.Struct, frozen=True):
    """A token whose signature is right."""

    visitor: str
    expires: datetime

    @property
    def renewable(self) -> datetime:
        """Until when a new token is given for this one."""
        return self.expires + RENEWABLE


def make(account: Account, visitor: str, now: datetime) -> str | None:
    """A token for this visitor, None when the account has no secret."""
    secrets = keys(account.secrets.get("app_secret", ""))
    if not secrets:
        return None
    expires = int((now + LIVES).timestamp())
    return f"{visitor}.{expires}.{signature(secrets[0], _signed(account, visitor, expires))}"


def read(account: Account, token: str) -> Session | None:
    """What the token says, None when we did not make it for this account. Never raises."""
    match = _TOKEN.fullmatch(token[:200])
    if match is None:
        return None
    visitor, expires, given = match[1], int(match[2]), match[3]
    secrets = account.secrets.get("app_secret", "")
    if not signed_by(secrets, _signed(account, visitor, expires), given):
        return None
    return Session(visitor, datetime.fromtimestamp(expires, UTC))


def _signed(account: Account, visitor: str, expires: int) -> bytes:
    # The purpose and the account are part of it: a token opens one shop's chat and nothing else.
    return f"webchat session\n{account.external_id}\n{visitor}\n{expires}".encode()
