"""Is it really the visitor whose session this is?"""

from __future__ import annotations

from datetime import datetime

from app.core.ports import Account, Answer, Refused, Request, Verified
from app.edge.codec import UNREADABLE, decode_lenient, split_object
from bots.webchat import session

SCHEME = "Bearer "


def verify(request: Request, account: Account, now: datetime) -> Verified | Refused | Answer:
    """Checks the session token, and that the body speaks for that session alone. Never raises."""
    if request.method != "POST":
        return Refused(f"{request.method[:10]} is not how a chat is written to")
    given = request.headers.get("authorization", "")
    if not given.startswith(SCHEME):
        return Refused("the session token is missing")
    found = session.read(account, given[len(SCHEME) :])
    if found is None:
        return Refused("the session token is not one of ours")
    if now >= found.expires:
        return Refused("the session token has run out; ask for a new one")
    if session_in(request.raw) != found.visitor:
        return Refused("the body names another session than the token")
    return Verified()


def session_in(raw: bytes) -> str | None:
    """The session that a body names, None when it names none."""
    try:
        named = decode_lenient(split_object(raw).get("session", b"null"))
    except UNREADABLE:
        return None
    return named if isinstance(named, str) and session.VISITOR.fullmatch(named) else None
