"""Who is chatting: the visitor's session token, made and read by the web chat plug."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec
from starlette.requests import Request

from app.core.errors import Denied, NotFound, Unavailable
from app.core.ports import Account
from app.web.context import Context

CHANNEL = "webchat"
NEW_A_MINUTE = 30  # sessions from one address


@runtime_checkable
class Sessions(Protocol):
    """What the web chat plug offers beside the six members of a channel."""

    def session_token(self, account: Account, visitor: str, now: datetime) -> str | None:
        """A token for this visitor, None when the account has no secret."""
        ...

    def visitor_of(self, account: Account, token: str, now: datetime) -> str | None:
        """Whose token this is, None when it is not ours or has run out."""
        ...

    def returning(self, account: Account, token: str, now: datetime) -> str | None:
        """Whose token this was, also a while after it ran out."""
        ...


class Visit(msgspec.Struct, frozen=True):
    """A visitor at an account; `address` is where their events arrive."""

    account: Account
    visitor: str

    @property
    def address(self) -> str:
        return f"{CHANNEL}:{self.account.external_id}:user:{self.visitor}"


def sessions_of(context: Context) -> Sessions:
    """The plug's session maker. Raises `NotFound` where web chat is not part of the house."""
    plug: object = context.channels.get(CHANNEL)
    if not isinstance(plug, Sessions):
        raise NotFound("There is no web chat here.", code="no-account")
    return plug


async def account_of(context: Context, external_id: str) -> Account:
    """The account of that name. Raises `NotFound`."""
    account = await context.accounts.find(CHANNEL, external_id)
    if account is None:
        raise NotFound("No such account is connected here.", code="no-account")
    return account


def bearer(request: Request) -> str:
    """The token in the `Authorization` header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def visit_of(context: Context, external_id: str, token: str) -> Visit:
    """Whose chat this is. Raises `NotFound` or `Denied`."""
    account = await account_of(context, external_id)
    now = context.engine.clock.now()
    visitor = sessions_of(context).visitor_of(account, token, now)
    if visitor is None:
        raise Denied("The session has run out; ask for a new one.", code="session")
    return Visit(account, visitor)


async def open_session(
    context: Context, external_id: str, given: str, peer: str
) -> tuple[Visit, str]:
    """A session for who was here before, or a new one; the visit and its fresh token."""
    account = await account_of(context, external_id)
    sessions, now = sessions_of(context), context.engine.clock.now()
    visitor = sessions.returning(account, given, now) if given else None
    if visitor is None:
        limit = f"chat-sessions:{account.id}:{peer}"
        wait = await context.engine.limiter.delay(limit, NEW_A_MINUTE, 60)
        if wait > 0:
            raise Unavailable("Too many new chats from here; try again shortly.", after=wait)
        visitor = context.engine.ids.token(130)
    token = sessions.session_token(account, visitor, now)
    if token is None:
        raise Denied("This account has no secret to sign sessions with.", code="session")
    return Visit(account, visitor), token
