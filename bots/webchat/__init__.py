"""Web chat: our own channel. A page of the shop holds the chat; no platform stands between."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import Clock, SystemClock
from app.core.inbound import Item
from app.core.outbound import Body, ChannelSend, Limits
from app.core.ports import Account, Answer, Refused, Request, Verified
from bots.webchat import session
from bots.webchat.limits import LIMITS
from bots.webchat.parse import parse
from bots.webchat.send import send
from bots.webchat.verify import verify


class WebChat:
    """The plug; its parts are the modules beside this one.

    Beside the six members of a channel it makes the tokens of its sessions, since here the
    platform that hands them out is this house.
    """

    name: str = "webchat"
    limits: Limits = LIMITS
    shows: frozenset[str] = frozenset({"buttons", "links", "chips", "cards", "image"})

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def verify(self, request: Request, account: Account) -> Verified | Refused | Answer:
        return verify(request, account, self._clock.now())

    def parse(self, raw: bytes, account: Account, received_at: datetime) -> list[Item]:
        return parse(raw, account, received_at)

    def send(self, job: ChannelSend, account: Account, key: str) -> Body:  # noqa: ARG002 - nobody is called
        return send(job)

    def session_token(self, account: Account, visitor: str, now: datetime) -> str | None:
        """A token for this visitor, None when the account has no secret to sign it with."""
        return session.make(account, visitor, now)

    def visitor_of(self, account: Account, token: str, now: datetime) -> str | None:
        """Whose token this is, None when it is not ours or has run out."""
        found = session.read(account, token)
        return found.visitor if found is not None and now < found.expires else None

    def returning(self, account: Account, token: str, now: datetime) -> str | None:
        """Whose token this was: one that ran out not long ago still proves who comes back."""
        found = session.read(account, token)
        return found.visitor if found is not None and now < found.renewable else None


CHANNEL = WebChat()
