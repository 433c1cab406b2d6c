"""The provider as an ASGI callable: who asks for what, answered from the book."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from app.core.clock import Clock, SystemClock
from app.core.ids import Ids
from app.edge.http import make_client
from app.gateways.sandbox.fake import api, page, payer
from app.gateways.sandbox.fake.books import Books
from app.gateways.sandbox.fake.hooks import Hooks
from app.gateways.sandbox.fake.ledger import Line
from app.gateways.sandbox.fake.wire import (
    Answer,
    Asked,
    Message,
    Receive,
    Send,
    problem,
    read,
    see_other,
    write,
)
from app.gateways.sandbox.limits import DELAY
from app.gateways.sandbox.protocol import OUTCOMES

FAILURES = ("server-error", "rate-limited", "timeout-after", "timeout-before", "unreachable")


class SandboxProvider:
    """`await provider(scope, receive, send)` answers the API (`…/api/…`) and the page (`…/{id}`).

    `books` is the file that processes share, None for memory alone. `delay` is how many seconds
    `delay` takes. Webhooks go out by themselves, or by `deliver_due` when `automatic` is off; with
    `drop_webhooks` they are never sent, so that only a question finds a payment. `stamp` is the
    clock that webhooks are dated by: the real one, since their age is checked against that.
    """

    def __init__(
        self,
        books: Path | None,
        clock: Clock,
        ids: Ids,
        client: httpx.AsyncClient | None = None,
        *,
        public_url: str | None = None,
        delay: float = DELAY,
        automatic: bool = True,
        stamp: Clock | None = None,
    ) -> None:
        self._books = Books(books)
        self._clock = clock
        self._ids = ids
        self._public_url = public_url
        self.delay = delay
        self.refuse_refunds = False
        self._failing: list[str] = []
        client = client or make_client()
        self.hooks = Hooks(self._books, clock, client, stamp or SystemClock(), automatic=automatic)

    @property
    def drop_webhooks(self) -> bool:
        """Are webhooks lost from now on?"""
        return self.hooks.drop

    @drop_webhooks.setter
    def drop_webhooks(self, dropped: bool) -> None:
        self.hooks.drop = dropped

    @property
    def log(self) -> list[Line]:
        """Everything that ever happened, oldest first: the witness."""
        with self._books.held():
            return list(self._books.lines)

    async def deliver_due(self) -> int:
        """Sends the webhooks that are due, once each; how many were tried."""
        return await self.hooks.deliver_due()

    async def close(self) -> None:
        """Stops sending; what was not sent is in the book and goes out after the next start."""
        await self.hooks.close()

    def fail_next(self, kind: str, times: int = 1) -> None:
        """The next API calls fail in one of `FAILURES`; only `timeout-after` takes effect first."""
        if kind not in FAILURES:
            raise ValueError(f"unknown failure {kind!r}")
        self._failing += [kind] * times

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is played, not {scope['type']}")
        asked = await read(scope, receive, self._public_url)
        await write(send, await self._answer(asked))
        self.hooks.kick()

    async def _answer(self, asked: Asked) -> Answer:
        if asked.path[:1] != ("api",):
            return self._page(asked)
        failing = self._failing.pop(0) if self._failing else ""
        if failing == "unreachable":
            raise ConnectionRefusedError("nobody listens")
        if failing == "timeout-before":
            await asyncio.sleep(0)
            raise TimeoutError("no answer comes")
        if failing == "server-error":
            return problem(500, "server", "Something broke.")
        if failing == "rate-limited":
            return problem(429, "rate", "Too many calls.")
        answer = self._api(asked)
        if failing == "timeout-after":
            raise TimeoutError("no answer comes")
        return answer

    def _api(self, asked: Asked) -> Answer:
        if not asked.key:
            return problem(401, "key", "An API key is needed: Authorization: Bearer …")
        made = self._shift()
        with self._books.held():
            match (asked.method, *asked.path[1:]):
                case ("POST", "sessions"):
                    return api.open_session(made, asked)
                case ("GET", "sessions", "by-reference", reference):
                    return api.session_by_reference(made, asked, reference)
                case ("GET", "sessions", session_id):
                    return api.session(made, asked, session_id)
                case ("POST", "sessions", session_id, "close"):
                    return api.close_session(made, asked, session_id)
                case ("POST", "refunds"):
                    return api.refund(made, asked, refuse=self.refuse_refunds)
        return problem(404, "no-route", "There is nothing here.")

    def _shift(self) -> payer.Desk:
        return payer.Desk(self._books, self._clock.now(), self._ids, self.hooks.drop)

    def _page(self, asked: Asked) -> Answer:
        if len(asked.path) != 1 or asked.method not in ("GET", "HEAD", "POST"):
            return page.missing()
        desk = self._shift()
        with self._books.held() as ledger:
            session = ledger.sessions.get(asked.path[0])
            if session is None:
                return page.missing()
            if asked.method != "POST":
                pending = bool(session.captures) and session.state(desk.now) == "open"
                return page.show(session, "pending" if pending else session.state(desk.now))
            outcome = asked.field("outcome")
            if outcome not in OUTCOMES:
                return problem(422, "outcome", f"Choose one of {', '.join(OUTCOMES)}.")
            payer.decide(desk, session, outcome, self.delay)
            return see_other(session.return_url)
