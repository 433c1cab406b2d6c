"""The shopper in the terminal: speaks through the receiver, hears what the outbox has sent."""

from __future__ import annotations

from time import monotonic
from typing import Any

import httpx
import msgspec

from app.cli.demo import WEBCHAT
from app.cli.talking.room import Room
from app.core.errors import Unavailable
from app.edge.codec import encode
from app.inbox.bind import lane_at
from app.inbox.turns import lanes_with_work
from app.outbox.read import left_for
from app.web.chat.sessions import CHANNEL, Visit, account_of
from app.web.chat.transcript import drawn, new_from_us

HOOK = f"/hooks/{CHANNEL}/{WEBCHAT}"
SESSION = f"/chat/{WEBCHAT}/session"
ON_ITS_WAY = ("queued", "sending", "waiting")
LOOK = 0.2  # seconds between looks when no bell rings
PATIENCE = 15.0  # seconds the house may take to say something


class Choice(msgspec.Struct, frozen=True):
    """Something to choose: an answer (`token`) or a page (`url`)."""

    label: str
    token: str | None = None
    url: str | None = None


class Box(msgspec.Struct, frozen=True):
    """A card."""

    title: str
    subtitle: str = ""
    image: str = ""
    buttons: tuple[Choice, ...] = ()


class Bubble(msgspec.Struct, frozen=True):
    """One message of the shop."""

    text: str = ""
    image: str = ""
    buttons: tuple[Choice, ...] = ()
    cards: tuple[Box, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Everything that can be chosen, in the order in which it is numbered."""
        return tuple(one for card in self.cards for one in card.buttons) + self.buttons


class Guest:
    """One visitor of the shop's web chat. `token` is the session; `seen` the last row heard."""

    def __init__(self, room: Room, visit: Visit, token: str) -> None:
        self._room = room
        self._visit = visit
        self.token = token
        self._seen = 0

    @property
    def browser(self) -> httpx.AsyncClient:
        """What opens the pages of the shop."""
        return self._room.browser

    async def say(self, text: str) -> None:
        """A typed message."""
        await self._post({"type": "said", "text": text})

    async def tap(self, choice: Choice) -> None:
        """An answer that was offered."""
        await self._post({"type": "tapped", "token": choice.token, "label": choice.label})

    async def news(self) -> list[Bubble]:
        """What was said since the last time, oldest first."""
        dangol = self._room.dangol
        async with dangol.engine.read() as unit:
            rows = await new_from_us(unit, self._visit, self._seen)
        heard = []
        for row in rows:
            self._seen = row.id
            shown = drawn(row, dangol.context.channels[CHANNEL], self._visit)
            if shown is not None:
                heard.append(msgspec.convert(shown["message"], Bubble))
        return heard

    async def busy(self) -> bool:
        """Is the house still at work for this visitor?"""
        engine, shop_id = self._room.dangol.engine, self._visit.account.shop_id
        async with engine.read() as unit:
            lane_id = await lane_at(unit, shop_id, self._visit.address)
            if lane_id is None:
                return True
            if lane_id in await lanes_with_work(unit):
                return True
            return bool(await left_for(unit, shop_id, lane_id, statuses=ON_ITS_WAY, limit=1))

    async def answers(self, patience: float = PATIENCE, *, at_least: int = 0) -> list[Bubble]:
        """What is said until the house has nothing more to say, or patience ends."""
        heard: list[Bubble] = []
        ends = monotonic() + patience
        while monotonic() < ends:
            idle = not await self.busy()
            heard += await self.news()
            if idle and len(heard) >= at_least:
                break
            await self._room.dangol.engine.bell.wait("outbox", LOOK)
        return heard

    async def _post(self, item: dict[str, Any]) -> None:
        engine = self._room.dangol.engine
        at = round(engine.clock.now().timestamp() * 1000)
        named = {"id": engine.ids.token(), "at": at, **item}
        answer = await self.browser.post(
            HOOK,
            content=encode({"session": self._visit.visitor, "items": [named]}),
            headers={"authorization": f"Bearer {self.token}", "content-type": "application/json"},
        )
        if answer.status_code != 200:
            raise Unavailable(f"The shop did not take that ({answer.status_code}): {answer.text}")


async def come_in(room: Room, token: str) -> Guest:
    """A visitor: the one whose session that was, else a new one."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = await room.browser.post(SESSION, headers=headers)
    if answer.status_code != 200:
        raise Unavailable(f"The shop opens no chat ({answer.status_code}): {answer.text}")
    given = answer.json()
    visit = Visit(await account_of(room.dangol.context, WEBCHAT), given["session"])
    guest = Guest(room, visit, given["token"])
    await guest.news()  # what was said before is not news
    return guest
