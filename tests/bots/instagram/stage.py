"""A fake Instagram, and a shop that sends to it over the real client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from app.core.clock import FixedClock
from app.core.inbound import Item
from app.core.outbound import Answered, Button, ChannelSend, Destination, Message
from app.core.ports import Account, NoFaults, Request, Verified
from app.edge.http import make_client, perform
from bots.instagram import CHANNEL
from bots.instagram.fake import FakeInstagram, Hook

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHOP = "17841400000000001"
MINA = "6100000000000001"
POST = "18000000000000001"
BUY = Message("드립백 다크 · ₩12,000", buttons=(Button("1개 구매", token="t_BUY"),))


class Stage:
    """The platform at noon, its clock, and an account connected to it."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self.instagram = FakeInstagram(self.clock, "app-secret", SHOP, "IGAAtoken")
        secrets = {"app_secret": "app-secret", "access_token": "IGAAtoken"}
        self.account = Account("acc_1", "shop_1", "instagram", SHOP, secrets)
        # The fake raises as a socket would fail, and a transport passes that on.
        transport = httpx.ASGITransport(app=self.instagram)
        self.client = make_client(mounts={"https://graph.instagram.com": transport})

    def wait(self, **how_long: float) -> None:
        self.clock.moment += timedelta(**how_long)

    async def send(self, destination: Destination, message: Message) -> Answered:
        call = CHANNEL.send(ChannelSend(destination, message), self.account, "obx_1")
        return await perform(self.client, call, NoFaults())

    async def chat(self, message: Message | str, person: str = MINA) -> Answered:
        words = Message(message) if isinstance(message, str) else message
        return await self.send(Destination("chat", recipient=person), words)

    async def reply(self, comment_id: str, message: Message = BUY) -> Answered:
        """Answers a comment privately."""
        return await self.send(Destination("comment-private", comment_id=comment_id), message)

    async def answer(self, comment_id: str, text: str = "@mina DM!") -> Answered:
        """Answers a comment in public."""
        there = Destination("comment-public", comment_id=comment_id)
        return await self.send(there, Message(text))

    def read(self, hook: Hook) -> list[Item]:
        """What the receiver makes of a post, signature included."""
        request = Request("POST", "/hooks/instagram", {}, hook.headers, hook.body)
        assert CHANNEL.verify(request, self.account) == Verified()
        return CHANNEL.parse(hook.body, self.account, self.clock.now())

    def one(self, hook: Hook) -> Item:
        [item] = self.read(hook)
        return item

    async def raw(
        self, path: str, body: dict[str, Any], token: str = "IGAAtoken"
    ) -> httpx.Response:
        """A request that our own plug would not make."""
        return await self.client.post(
            f"https://graph.instagram.com/v25.0/{path}",
            json=body,
            headers={"authorization": f"Bearer {token}"},
        )
