"""What the house expects of the parts that can be swapped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from app.core.inbound import Item
from app.core.outbound import Body, Call, ChannelSend, Job, Limits


class Request(msgspec.Struct, frozen=True):
    """An HTTP request as it came: header names lower case, the raw body untouched."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    peer: str = ""


Message = MutableMapping[str, Any]
Asgi = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[Message]],
        Callable[[Message], Awaitable[None]],
    ],
    Awaitable[None],
]


class Account(msgspec.Struct, frozen=True):
    """An account at a platform or provider, with what is needed to verify and to call.

    `secrets` holds the credentials by name (`app_secret`, `verify_token`, `access_token`, …); a
    name may hold several values separated by a blank, all valid at once (rotation).
    `app_accounts` are the external ids that belong to the same operator-registered platform app.
    """

    id: str
    shop_id: str
    channel: str
    external_id: str
    secrets: Mapping[str, str]
    api_url: str | None = None
    app_accounts: frozenset[str] = frozenset()


class Verified(msgspec.Struct, frozen=True):
    """The signature is right: the body may be parsed."""


class Refused(msgspec.Struct, frozen=True):
    """The signature is missing or wrong; `why` is for the log and the problem document."""

    why: str


class Answer(msgspec.Struct, frozen=True):
    """A handshake: answer exactly this, store nothing."""

    status: int
    body: bytes
    content_type: str = "text/plain"


class Channel(Protocol):
    """A messaging platform."""

    name: str
    limits: Limits
    shows: frozenset[str]

    def verify(self, request: Request, account: Account) -> Verified | Refused | Answer:
        """Is this really the platform? Never raises."""
        ...

    def parse(self, raw: bytes, account: Account, received_at: datetime) -> list[Item]:
        """Splits a body into items, each guarded alone. Never raises."""
        ...

    def send(self, job: ChannelSend, account: Account, key: str) -> Call | Body:
        """The request that sends this message; `key` is the idempotency key where one is taken.

        Raises `NeverSend` when the platform could not take it whatever happens.
        """
        ...


class Gateway(Protocol):
    """A payment provider or a membership store. `retries` are the seconds between attempts."""

    name: str
    retries: tuple[float, ...]

    def verify(self, request: Request, account: Account) -> Verified | Refused | Answer:
        """Is this really the provider? Never raises."""
        ...

    def parse(self, raw: bytes, account: Account, received_at: datetime) -> list[Item]:
        """Items addressed `pay:<reference>`. Never raises."""
        ...

    def call(self, job: Job, account: Account, key: str, now: datetime) -> Call:
        """The request that carries out this job."""
        ...


class Vault(Protocol):
    """Seals secrets and personal data; every sealed value is bound to its place (`context`)."""

    def seal(self, plain: bytes, *context: str) -> bytes:
        """Encrypted bytes that open only with the same `context` (shop, table, column, row)."""
        ...

    def open(self, sealed: bytes, *context: str) -> bytes:
        """The plain bytes; raises `Broken` when tampered with, moved, or its key is destroyed."""
        ...

    def new_key(self, *context: str) -> bytes:
        """A fresh data key, itself sealed: what a contact's personal data is sealed under."""
        ...

    def under(self, sealed_key: bytes, *context: str) -> Vault:
        """The vault of that data key. Destroying the sealed key is erasing the data."""
        ...

    def fingerprint(self, purpose: str, text: str) -> str:
        """A keyed hash to look a secret value up by, never to read it back."""
        ...

    def sign(self, purpose: str, text: str) -> str:
        """A URL-safe token that carries `text` and proves we made it for `purpose`."""
        ...

    def unsign(self, purpose: str, token: str) -> str | None:
        """The text of a token made for `purpose`, None when it is not ours."""
        ...


class Faults(Protocol):
    """Named points on the path where a test or the simulator may make something go wrong."""

    async def reach(self, point: str) -> None:
        """Does nothing, unless this point is armed."""
        ...


class NoFaults:
    """Nothing is armed."""

    async def reach(self, point: str) -> None:
        return None


class Bell(Protocol):
    """Wakes whoever waits for a topic. May be lost: waiters poll as well."""

    async def ring(self, *topics: str) -> None:
        """Wakes the waiters of these topics."""
        ...

    async def wait(self, topic: str, timeout: float) -> bool:
        """Waits at most `timeout` seconds; true when the topic was rung."""
        ...


class Limiter(Protocol):
    """Spends a budget of calls."""

    async def delay(self, key: str, amount: int, per_seconds: float) -> float:
        """Takes one of `amount` calls per `per_seconds`; 0, or the seconds to wait for one."""
        ...
