"""The provider's side of the wire: ASGI in, JSON, HTML or a redirect out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from app.edge.codec import UNREADABLE, decode_lenient, encode

Message = MutableMapping[str, Any]  # as the ASGI specification has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST = 100_000  # bytes of a request; what is asked of a provider is short


class Asked(msgspec.Struct, frozen=True):
    """One request. `path` is what comes after the place where the provider is mounted."""

    method: str
    path: tuple[str, ...]
    base: str
    headers: dict[str, str]
    raw: bytes

    @property
    def key(self) -> str:
        """The API key of the caller."""
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip()

    def json(self) -> object:
        """The body; an empty object for what cannot be read."""
        try:
            return decode_lenient(self.raw)
        except UNREADABLE:
            return {}

    def field(self, name: str) -> str:
        """One field of a form."""
        return parse_qs(self.raw.decode("utf-8", "replace")).get(name, [""])[0]


class Answer(msgspec.Struct, frozen=True):
    """What is answered."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = {}


async def read(scope: Message, receive: Receive, public_url: str | None) -> Asked:
    """The request. Mounted anywhere, or called bare: what counts begins after `sandbox`, if that is
    in the path.
    """
    raw = b""
    more = True
    while more and len(raw) <= MOST:
        message = await receive()
        raw += message.get("body", b"")
        more = message.get("more_body", False)
    parts = [part for part in scope["path"].split("/") if part]
    mount = parts.index("sandbox") + 1 if "sandbox" in parts else 0
    headers = {name.decode("latin-1").lower(): value.decode("latin-1")
               for name, value in scope["headers"]}  # fmt: skip
    own = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
    base = "/".join([public_url or own, *parts[:mount]])
    return Asked(scope["method"], tuple(parts[mount:]), base, headers, raw)


async def write(send: Send, answer: Answer) -> None:
    """Sends the answer."""
    named = {"content-length": str(len(answer.body)), **answer.headers}
    pairs = [(name.encode(), value.encode("latin-1", "replace")) for name, value in named.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": answer.body})


def json_answer(status: int, body: object, **headers: str) -> Answer:
    """A JSON answer."""
    return Answer(status, encode(body), {"content-type": "application/json", **headers})


def problem(status: int, error: str, text: str, **more: object) -> Answer:
    """What is wrong with a request: a name for programs, a sentence for people."""
    return json_answer(status, {"error": error, "text": text, **more})


def see_other(url: str) -> Answer:
    """Sends a browser on, after a form."""
    return Answer(303, b"", {"location": url, "cache-control": "no-store"})
