"""The receiver: the hot path, one plain ASGI callable in front of everything else.

It verifies the raw body, splits it into items, stores them once and answers 200; what they mean is
somebody else's business. Refusals leave no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import Unavailable
from app.core.ports import Account, Answer, Channel, Gateway, Refused, Request
from app.engine.answering import answering
from app.inbox.arrival import from_item
from app.web.context import Context
from app.web.problems import MEDIA_TYPE, encoded, problem

PREFIX = "/hooks/"
Reply = tuple[int, bytes, str, Mapping[str, str]]


def _plain(status: int, body: bytes = b"", content_type: str = "text/plain") -> Reply:
    return status, body, content_type, {}


def _refusal(status: int, title: str, detail: str, code: str) -> Reply:
    return status, encoded(problem(status, title, detail, code)), MEDIA_TYPE, {}


UNKNOWN = _refusal(404, "Not found", "No such account is connected here.", "no-account")
RECEIVED = _plain(200, b"EVENT_RECEIVED")


class Hooks:
    """`GET|POST /hooks/{channel}/{account}` and `/hooks/pay/{provider}/{account}`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._limit = context.settings.body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body, content_type, extra = await self._answer(scope, receive)
        headers = [
            (b"content-type", content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            *((name.encode(), value.encode()) for name, value in extra.items()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        if scope["method"] not in ("GET", "POST"):
            return _refusal(405, "Not allowed", "Webhooks come by GET or POST.", "method")
        channel, _, external = scope["path"][len(PREFIX) :].rstrip("/").rpartition("/")
        if channel.startswith("pay/"):
            channel = f"pay:{channel[4:]}"
        plug = self._context.channels.get(channel) or self._context.gateways.get(channel)
        if plug is None or not external:
            return UNKNOWN
        raw = await self._body(receive)
        if raw is None:
            detail = f"A webhook may have at most {self._limit} bytes."
            return _refusal(413, "Too large", detail, "too-large")
        return await self._take(plug, channel, unquote(external), _request(scope, raw))

    async def _body(self, receive: Receive) -> bytes | None:
        """The raw body, None when it is larger than we take."""
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(chunks)
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._limit:
                return None
            chunks.append(chunk)
            if not message.get("more_body"):
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def _take(
        self, plug: Channel | Gateway, channel: str, external: str, request: Request
    ) -> Reply:
        try:
            async with answering(self._context.engine):
                return await self._verified(plug, channel, external, request)
        except Unavailable as error:
            return self._later(error)

    async def _verified(
        self, plug: Channel | Gateway, channel: str, external: str, request: Request
    ) -> Reply:
        account = await self._context.accounts.find(channel, external)
        if account is None:
            return UNKNOWN
        verdict = plug.verify(request, account)
        if isinstance(verdict, Refused):  # perhaps its secret was just replaced
            known = account
            account = await self._context.accounts.find(channel, external, afresh=True) or known
            verdict = plug.verify(request, account)
        if isinstance(verdict, Refused):
            return _refusal(401, "Not signed", verdict.why, "signature")
        if isinstance(verdict, Answer):
            return _plain(verdict.status, verdict.body, verdict.content_type)
        await self._store(plug, channel, account, request.raw)
        return RECEIVED

    async def _store(
        self, plug: Channel | Gateway, channel: str, account: Account, raw: bytes
    ) -> None:
        now = self._context.engine.clock.now()
        arrivals = []
        for item in plug.parse(raw, account, now):
            owner = account
            if item.account != account.external_id and item.account in account.app_accounts:
                owner = await self._context.accounts.find(channel, item.account) or account
            arrivals.append(from_item(owner.shop_id, channel, item, now))
        await self._context.acceptor.accept(arrivals)
        await self._context.accounts.seen(account)

    @staticmethod
    def _later(error: Unavailable) -> Reply:
        status, body, kind, _ = _refusal(503, "Try again shortly", error.text, error.code)
        return status, body, kind, {"retry-after": str(max(1, round(error.after)))}


def _request(scope: Scope, raw: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(query),
        headers=headers,
        raw=raw,
        peer=client[0] if client else "",
    )


class Front:
    """Sends webhooks to the receiver and everything else to the full framework."""

    def __init__(self, hooks: Hooks, rest: ASGIApp) -> None:
        self._hooks = hooks
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._hooks(scope, receive, send)
        else:
            await self._rest(scope, receive, send)
