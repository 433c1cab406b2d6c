"""Instagram: comments under posts and live videos, and the private chat that follows."""

from __future__ import annotations

from datetime import datetime

from app.core.inbound import Item
from app.core.outbound import Call, ChannelSend, Limits
from app.core.ports import Account, Answer, Refused, Request, Verified
from bots.instagram.limits import LIMITS
from bots.instagram.parse import parse
from bots.instagram.send import send
from bots.instagram.verify import verify


class Instagram:
    """The plug; its parts are the modules beside this one."""

    name: str = "instagram"
    limits: Limits = LIMITS
    shows: frozenset[str] = frozenset({"buttons", "links", "chips", "cards", "image"})

    def verify(self, request: Request, account: Account) -> Verified | Refused | Answer:
        return verify(request, account)

    def parse(self, raw: bytes, account: Account, received_at: datetime) -> list[Item]:
        return parse(raw, account, received_at)

    def send(self, job: ChannelSend, account: Account, key: str) -> Call:  # noqa: ARG002 - not taken
        return send(job, account)


CHANNEL = Instagram()
