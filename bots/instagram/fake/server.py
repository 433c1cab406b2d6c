"""Instagram's send API as an ASGI callable, with switches for what goes wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from app.core.clock import Clock
from bots.instagram.fake.hooks import Hook
from bots.instagram.fake.people import People
from bots.instagram.fake.rules import (
    GraphError,
    Rate,
    Shown,
    check_chat,
    check_message,
    check_private_reply,
    check_public_reply,
    refuse,
)
from bots.instagram.fake.wire import (
    Json,
    Message,
    Receive,
    Request,
    Send,
    read_request,
    write_answer,
)
from bots.instagram.fake.world import Bubble, Comment, Sent
from bots.instagram.limits import LIMITS

# What `fail_next` can do. The last three never answer; only `timeout-after` takes the message.
ANSWERED_FAILURES = ("rate-limited", "server-error", "revoked-token", "template-refused")
SILENT_FAILURES = ("timeout-after", "timeout-before", "unreachable")


class Failing(msgspec.Struct):
    """A failure waiting for its calls: `to` limits it to one kind of send."""

    kind: str
    times: int
    to: str | None
    after: int | None


class FakeInstagram(People):
    """The platform: `await fake(scope, receive, send)` answers the API at any prefix.

    After each accepted send, what Meta would post about it (echo, own comment) goes to `listener`
    before the send is answered, or waits in `outgoing` when there is none. `hang` is how many
    seconds a silent failure holds the line; without it the call fails at once with `TimeoutError`,
    which only a client in this process can see.
    """

    def __init__(
        self,
        clock: Clock,
        app_secret: str,
        account_id: str,
        token: str,
        *,
        username: str = "the_shop",
    ) -> None:
        super().__init__(clock, app_secret=app_secret, account_id=account_id, username=username)
        self.token = token
        self.listener: Callable[[Hook], Awaitable[None]] | None = None
        self.outgoing: list[Hook] = []
        self.refused: list[tuple[Json, GraphError]] = []
        self.hang: float | None = None
        self._failing: list[Failing] = []
        self._per_second = Rate(LIMITS.sends_per_second, 1)
        self._per_hour = Rate(LIMITS.comment_replies_per_hour or 0, 3600)

    def fail_next(
        self, kind: str, *, times: int = 1, to: str | None = None, after: int | None = None
    ) -> None:
        """The next calls fail: `kind` is one of ANSWERED_FAILURES and SILENT_FAILURES.

        `to` waits for a kind of send; `after` is the seconds that a rate limit names.
        """
        if kind not in ANSWERED_FAILURES + SILENT_FAILURES:
            raise ValueError(f"unknown failure {kind!r}")
        self._failing.append(Failing(kind, times, to, after))

    def take_outgoing(self) -> list[Hook]:
        """What Meta has to post about our own sends, and forgets once it is taken."""
        taken, self.outgoing = self.outgoing, []
        return taken

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is played, not {scope['type']}")
        request = await read_request(scope, receive)
        silent = self._fails(request, SILENT_FAILURES)
        if silent is None:
            status, headers, body = await self._answer(request)
            await write_answer(send, status, headers, body)
            return
        if silent.kind == "unreachable":
            raise ConnectionRefusedError("nobody listens")
        if silent.kind == "timeout-after":
            await self._answer(request)
        if self.hang is None:
            raise TimeoutError("no answer comes")
        await asyncio.sleep(self.hang)

    async def _answer(self, request: Request) -> tuple[int, dict[str, str], Json]:
        try:
            answer, hooks = self._route(request)
        except GraphError as error:
            self.refused.append((request.body, error))
            return error.status, error.headers, error.body()
        for hook in hooks:
            if self.listener is None:
                self.outgoing.append(hook)
            else:
                await self.listener(hook)
        return 200, {}, answer

    def _route(self, request: Request) -> tuple[Json, list[Hook]]:
        if request.token != self.token:
            raise GraphError(190, "Error validating access token", subcode=463)
        if request.method == "GET" and request.path[-1:] in (("me",), (self.account_id,)):
            me = {"id": "1", "user_id": self.account_id, "username": self.username}
            return {**me}, []
        if request.method != "POST":
            raise refuse("Unsupported request", 33)
        self._fail(request)
        match request.path[-2:]:
            case (("me" | self.account_id), "messages"):
                return self._message_sent(request)
            case (comment_id, "replies"):
                return self._reply_sent(comment_id, request)
        raise refuse("Unsupported post request", 33)

    def _fails(self, request: Request, kinds: tuple[str, ...]) -> Failing | None:
        for failing in self._failing:
            fits = failing.to in (None, request.to) and failing.kind in kinds
            if fits and (failing.kind != "template-refused" or request.is_template):
                failing.times -= 1
                if failing.times <= 0:
                    self._failing.remove(failing)
                return failing
        return None

    def _fail(self, request: Request) -> None:
        failing = self._fails(request, ANSWERED_FAILURES)
        if failing is None:
            return
        if failing.kind == "rate-limited":
            headers = {} if failing.after is None else {"retry-after": str(failing.after)}
            raise GraphError(4, "(#4) Request limit reached", status=429, headers=headers)
        if failing.kind == "server-error":
            raise GraphError(2, "An unexpected error has occurred.", status=500)
        if failing.kind == "revoked-token":
            raise GraphError(190, "The session has been invalidated", subcode=460)
        raise refuse("Invalid template", 2534015)

    # --- accepted sends -------------------------------------------------------------------------

    def _message_sent(self, request: Request) -> tuple[Json, list[Hook]]:
        now = self.clock.now()
        if self._per_second.full(now):
            raise GraphError(613, "(#613) Calls exceed the rate limit.", subcode=2534040)
        shown = check_message(request.body.get("message"))
        recipient = request.body.get("recipient")
        if not isinstance(recipient, dict):
            raise refuse("recipient must be an object")
        comment = None
        if "comment_id" in recipient:
            comment = check_private_reply(self, recipient["comment_id"], now)
            if not comment.live:
                self._spend_hour()
            person = self.person(comment.author)
        else:
            person = check_chat(self.people.get(str(recipient.get("id"))), now)
        self._per_second.spend(now)
        mid = self._show(person.id, shown)
        if comment is not None:
            comment.private_reply = mid
        self._log(request, person.id, mid, shown.text, comment)
        return {"recipient_id": person.id, "message_id": mid}, [self.echo(person.id, mid)]

    def _spend_hour(self) -> None:
        now = self.clock.now()
        if self._per_hour.full(now):
            raise GraphError(4, "(#4) Too many private replies this hour.")
        self._per_hour.spend(now)

    def _show(self, person: str, shown: Shown) -> str:
        mid = self.next_id("aWdf")
        self.person(person).thread.append(
            Bubble(
                id=mid,
                side="shop",
                at=self.clock.now(),
                text=shown.text,
                choices=shown.choices,
                cards=shown.cards,
                image_url=shown.image_url,
            )
        )
        return mid

    def _reply_sent(self, comment_id: str, request: Request) -> tuple[Json, list[Hook]]:
        text = request.body.get("message")
        comment = check_public_reply(self, comment_id, text)
        reply = Comment(
            id=self.next_id("179"),
            author=self.account_id,
            text=str(text),
            media=comment.media,
            at=self.clock.now(),
            parent=comment.id,
        )
        self.comments[reply.id] = reply
        self._log(request, comment.id, reply.id, reply.text, comment)
        return {"id": reply.id}, [self._own_comment(reply)]

    def _own_comment(self, reply: Comment) -> Hook:
        author = {"id": self.account_id, "username": self.username}
        value: Json = {"id": reply.id, "text": reply.text, "parent_id": reply.parent}
        return self._commented(reply, {**value, "from": author, "media": {"id": reply.media}})

    def _log(
        self, request: Request, to: str, message_id: str, text: str, comment: Comment | None
    ) -> None:
        self.log.append(
            Sent(
                number=len(self.log) + 1,
                kind=request.to,
                to=to,
                message_id=message_id,
                text=text,
                at=self.clock.now(),
                request=request.body,
                comment_id=comment.id if comment else "",
            )
        )
