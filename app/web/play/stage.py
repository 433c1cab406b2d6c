"""What the playground is given: a platform played here, and switches for what goes wrong.

Web names no platform and no provider; bootstrap hands in objects that fit these protocols.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.web.play.courier import Courier, Posted


class Platform(Protocol):
    """The fake social platform: people act on it, and each act is the signed post it would make.

    Threads, comments and the log are structs whose members `app/web/play/social.py` reads by name.
    """

    @property
    def username(self) -> str:
        """The shop's name there."""
        ...

    def comment(
        self, person: str, text: str, *, media: str = ..., username: str | None = ...
    ) -> Posted:
        """A comment under a post."""
        ...

    def say(self, person: str, text: str) -> Posted:
        """A text in the chat."""
        ...

    def tap(self, person: str, choice: str, *, message_id: str | None = ...) -> Posted:
        """A tap on something on the screen, by its payload; raises `LookupError`."""
        ...

    def read(self, person: str) -> Posted:
        """They have seen the last message; raises `LookupError` when there is none."""
        ...

    def thread(self, person: str) -> Sequence[Any]:
        """The chat with this person, oldest first."""
        ...

    def comments_under(self, media: str) -> Sequence[Any]:
        """The comments of one post, oldest first."""
        ...

    def name_of(self, author: str) -> str:
        """The name shown beside a comment."""
        ...

    @property
    def log(self) -> Sequence[Any]:
        """Every accepted send with its request, in order."""
        ...


class PaymentSwitch(Protocol):
    """The sandbox provider's switch: are its webhooks lost?"""

    drop_webhooks: bool


@dataclass
class Stage:
    """Everything behind `/play`. Bootstrap makes it where the environment is `demo`.

    `channel` and `account` are where the platform's posts go, `shop` the slug of whose posts are
    shown. `kill_worker` stops the worker in the middle of its round and starts a new one.
    """

    platform: Platform
    courier: Courier
    payments: PaymentSwitch
    kill_worker: Callable[[], Awaitable[None]]
    shop: str
    account: str
    channel: str = "instagram"

    def address_of(self, person: str) -> str:
        """Where this person's events arrive."""
        return f"{self.channel}:{self.account}:user:{person}"

    def switches(self) -> Mapping[str, bool]:
        """How the switches stand."""
        return {
            "twice": self.courier.twice,
            "shuffle": self.courier.shuffle,
            "drop": self.payments.drop_webhooks,
        }

    def set_switches(self, wanted: Mapping[str, Any]) -> None:
        """Sets those that are named."""
        if isinstance(wanted.get("twice"), bool):
            self.courier.twice = wanted["twice"]
        if isinstance(wanted.get("shuffle"), bool):
            self.courier.shuffle = wanted["shuffle"]
        if isinstance(wanted.get("drop"), bool):
            self.payments.drop_webhooks = wanted["drop"]
