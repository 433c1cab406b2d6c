"""The fake's side of the wire: ASGI in, JSON out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from app.edge.codec import UNREADABLE, decode_lenient, encode

Json = dict[str, object]
Message = MutableMapping[str, Any]  # as the ASGI specification has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Request(msgspec.Struct, frozen=True):
    """One call: `to` is the kind of send it asks for, or empty."""

    method: str
    path: tuple[str, ...]
    token: str
    body: Json

    @property
    def to(self) -> str:
        if self.path[-1:] == ("replies",):
            return "comment-public"
        recipient = self.body.get("recipient")
        private = isinstance(recipient, dict) and "comment_id" in recipient
        return "comment-private" if private else "chat"

    @property
    def is_template(self) -> bool:
        message = self.body.get("message")
        return isinstance(message, dict) and bool({"attachment", "quick_replies"} & message.keys())


async def read_request(scope: Message, receive: Receive) -> Request:
    raw = b""
    more = True
    while more:
        message = await receive()
        raw += message.get("body", b"")
        more = message.get("more_body", False)
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    headers = {name.lower(): value for name, value in scope["headers"]}
    token = headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
    try:
        body = decode_lenient(raw)
    except UNREADABLE:
        body = {name: values[0] for name, values in parse_qs(raw.decode("latin-1")).items()}
    return Request(
        method=scope["method"],
        path=tuple(part for part in scope["path"].split("/") if part),
        token=token or query.get("access_token", [""])[0],
        body=body if isinstance(body, dict) else {},
    )


async def write_answer(send: Send, status: int, headers: dict[str, str], body: Json) -> None:
    named = {"content-type": "application/json", **headers}
    pairs = [(name.encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": encode(body)})
