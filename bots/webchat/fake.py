"""A visitor as their page behaves: what they say, tap and open becomes the posts it would send."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from app.core.clock import EPOCH, Clock
from app.core.ports import Account
from app.edge.codec import encode
from bots.webchat import session


class Post(msgspec.Struct, frozen=True):
    """One POST to the receiver."""

    id: str
    headers: dict[str, str]
    body: bytes


class Visitor:
    """Somebody on the shop's page. The same acts in the same order make the same ids."""

    def __init__(self, clock: Clock, account: Account, visitor: str) -> None:
        self._clock = clock
        self._account = account
        self.visitor = visitor
        self._count = 0

    def say(self, text: str) -> Post:
        """A typed message."""
        return self.post({"type": "said", "text": text})

    def tap(self, token: str, label: str = "") -> Post:
        """A button of ours."""
        return self.post({"type": "tapped", "token": token, "label": label})

    def picture(self, media: str = "image") -> Post:
        """Anything but text."""
        return self.post({"type": "media", "media": media})

    def arrive(self, ref: str) -> Post:
        """The chat is opened through a link with `ref`."""
        return self.post({"type": "arrived", "ref": ref})

    def post(self, *items: dict[str, object]) -> Post:
        """These items in one body, with the session's token."""
        now = self._clock.now()
        milliseconds = (now - EPOCH) // timedelta(milliseconds=1)
        named = []
        for item in items:
            self._count += 1
            named.append({"id": f"m{self._count}", "at": milliseconds, **item})
        token = session.make(self._account, self.visitor, now) or ""
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        body = encode({"session": self.visitor, "items": named})
        return Post(str(named[-1]["id"]) if named else "", headers, body)
