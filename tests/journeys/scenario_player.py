"""Plays a scenario file through the whole town, and reads what reached the phone.

The chat is judged by the platform's own record of it. Pages are opened and sent as a browser does,
money moves on the provider's page, and only the clock is ours.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml
from sqlalchemy import func, select

from app.catalog.models import variant
from app.catalog.move import move_stock
from app.core.clock import FixedClock
from app.core.inbound import HandedBack, MerchantSaid, TakenOver
from app.db.unit import Unit
from app.edge.text import clip
from app.gateways.sandbox.fake.ledger import HookMade, HookTried
from app.inbox.bind import lane_at
from app.members.contact import meet
from app.merchants.read import account_at, shop_at
from app.orders.order import Filter, Order
from app.orders.read import list_orders, order_by_id
from app.outbox.models import OPEN, outbox
from app.timers.models import timer
from bots.instagram.fake import Bubble, Choice, Sent
from bots.instagram.limits import LIMITS
from tests.core.hanok import START
from tests.core.player import FOLDER, NAMES
from tests.journeys.town import ACCOUNT, Town, town

SHOP = Path(__file__).parent / "scenario_shop.yaml"
MINA = "1001"
SHOP_NAMES = {"ko": "한옥 커피", "en": "Hanok Coffee"}
BUY = {"ko": "1개 구매하기", "en": "Buy 1"}
HOME = {
    "country": "KR",
    "line1": "테헤란로 152",
    "line2": "5층",
    "city": "강남구",
    "region": "서울",
    "postcode": "06236",
    "phone": "010-2345-6789",
}
LONG_AGO = timedelta(days=2)  # the chat may not be written to any more
TODAY = timedelta(hours=6)  # it may still
LATE = timedelta(minutes=30)  # that money takes: an order waits for 15 minutes
PATIENCE = 1000  # looks at what runs beside the test
ATTACHMENTS = {"like": "like_heart", "story-mention": "story_mention"}  # as Meta calls them


def shop_of(script: dict[str, Any], language: str) -> dict[str, Any]:
    """The shop file, speaking this language first, with the stock that the scenario wants."""
    shop: dict[str, Any] = yaml.safe_load(SHOP.read_text("utf-8"))
    shop["shop"].update(locale=language, name=SHOP_NAMES[language])
    stock = dict(script.get("stock", {}))
    for product in shop["products"]:
        for one in product["variants"]:
            one["stock"] = stock.pop(one["sku"], one["stock"])
    assert not stock, f"no such sku: {stock}"
    return shop


@asynccontextmanager
async def opened(
    name: str, language: str, database_url: str, folder: Path, **changes: Any
) -> AsyncIterator[Player]:
    """A town with the shop of a scenario, its person made known where the scenario says so."""
    script: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    script.update(changes)
    known = script["person"] == "known"
    ago = TODAY if script.get("chat") == "open" else LONG_AGO
    clock = FixedClock(START - ago if known else START)
    async with town(database_url, folder, clock, shop=shop_of(script, language)) as here:
        player = Player(here, script, language)
        if known:
            await player.buy_before()
        yield player


class Player:
    """One scenario being played by Mina. `paying` is how many answers the payment page took."""

    def __init__(self, here: Town, script: dict[str, Any], language: str) -> None:
        self.here = here
        self.script = script
        self.language = language
        self.seen = 0  # sends of the platform's log that the steps before have caused
        self.skipped = 0  # bubbles of the thread from before the counting began
        self.opened = 0  # links followed since then
        self.paying: int | None = None
        self.page = ""  # the provider's page that awaits her
        self.asked = 0

    async def play(self) -> None:
        """Every step in turn; raises `AssertionError` where something else reaches the phone."""
        for number, step in enumerate(self.script["play"][self.language], 1):
            kind = next(iter(step))
            if kind != "bot":
                self.seen = len(self.here.instagram.log)
            try:
                await _STEPS[kind](self, step[kind], step)
            except AssertionError as wrong:
                chat = "\n".join(self.here.chat(MINA))
                raise AssertionError(f"step {number}: {step}\n{wrong}\nchat:\n{chat}") from wrong
            if number == 1:
                self._count_from_here()

    async def buy_before(self) -> None:
        """Her first purchase, some time ago; the shelf is as full as before."""
        await self.here.comment(MINA, "#moonmug white", username="mina")
        await self.tap(BUY[self.language])
        await self.form({"name": NAMES[self.language], **HOME})
        await self.pay("placed")
        await self.money("paid")
        await self._move("MM-W", 1)
        await self._introduce()
        self.here.clock.moment = START
        await self.here.rest()

    async def _introduce(self) -> None:
        """The shop learns her name: Instagram does not tell it, nor is a parcel's taken for it."""
        async with self.here.dangol.engine.write() as unit:
            account = await account_at(unit, "instagram", ACCOUNT)
            assert account is not None
            place = ("instagram", account.id, MINA)
            lane = await self._lane(unit, account.shop_id)
            await meet(unit, account.shop_id, lane, *place, name=NAMES[self.language])

    async def _lane(self, unit: Unit, shop_id: str) -> str:
        lane = await lane_at(unit, shop_id, f"instagram:{ACCOUNT}:user:{MINA}")
        assert lane is not None
        return lane

    def _count_from_here(self) -> None:
        """The first word is where counting begins."""
        self.skipped = len(self.here.instagram.thread(MINA))
        self.opened = 0

    @property
    def answers(self) -> int:
        """What she said, tapped and opened since the first step."""
        thread = self.here.instagram.thread(MINA)[self.skipped :]
        return len([one for one in thread if one.side == "person"]) + self.opened

    # --- what the person does -------------------------------------------------------------------

    async def comment(self, text: str, step: dict[str, Any]) -> None:
        """A comment under a post."""
        parent = "17900000000000001" if step.get("reply") else None
        live = step.get("live", False)
        await self.here.comment(MINA, text, username="mina", live=live, parent=parent)

    async def say(self, text: object, _step: Any = None) -> None:
        """A text in the chat."""
        await self.here.say(MINA, str(text))

    async def tap(self, label: str, _step: Any = None) -> None:
        """A button; one with a link opens the page behind it."""
        bubble, choice = self._offered(label)[-1]
        if choice.kind == "link":
            await self._open(choice)
        else:
            await self._tap(bubble, choice)

    async def old(self, label: str, _step: Any) -> None:
        """The same button where it first stood."""
        await self._tap(*self._offered(label)[0])

    async def media(self, kind: str, _step: Any) -> None:
        """A picture, a sticker, a voice."""
        await self.here.post(self.here.instagram.media(MINA, ATTACHMENTS.get(kind, kind)))
        await self.here.rest()

    async def form(self, fields: dict[str, str], _step: Any = None) -> None:
        """The address form of the newest link is filled in and sent."""
        answer = await self._send_form(self.here.link(MINA, "/address/"), fields)
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"

    def _offered(self, label: str) -> list[tuple[Bubble, Choice]]:
        """Where a choice of that label stands, oldest first, as the phone cuts labels."""
        shown = clip(label, LIMITS.button_label)
        found = [
            (bubble, choice)
            for bubble in self.here.instagram.thread(MINA)
            for choice in choices_of(bubble)
            if choice.label == shown
        ]
        assert found, f"{shown!r} is not offered"
        return found

    async def _tap(self, bubble: Bubble, choice: Choice) -> None:
        try:
            hook = self.here.instagram.tap(MINA, choice.payload, message_id=bubble.id)
        except LookupError as gone:
            raise AssertionError(f"{choice.label!r} is on the screen no more") from gone
        await self.here.post(hook)
        await self.here.rest()

    async def _open(self, link: Choice) -> None:
        page = await self.here.browser.get(link.url)
        assert page.status_code == 200, page.text
        self.opened += 1
        if "/pay/" in link.url:
            self.paying = self.answers
            total = re.search(r"₩[\d,]+", link.label)
            assert total is not None, link.label
            assert total[0] in page.text, f"{total[0]} is not on the page"

    async def _send_form(self, link: str, fields: dict[str, str]) -> httpx.Response:
        """Fills in the page behind the link and sends it, while the loops run."""
        page = await self.here.browser.get(link)
        nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)
        data = {**fields, "nonce": nonce[1] if nonce else ""}
        sent = asyncio.create_task(self.here.browser.post(link, data=data))
        for _ in range(PATIENCE):
            if sent.done():
                break
            await self.here.rest()
            await asyncio.sleep(0.005)
        return await sent

    # --- pages, money, time, the shop -----------------------------------------------------------

    async def pay(self, code: str, _step: Any = None) -> None:
        """The newest payment page is sent: it leads to the provider, or says why not."""
        link = self.here.link(MINA, "/pay/")
        answer = await self._send_form(link, {"provider": "sandbox"})
        self.page = answer.headers.get("location", "")
        said = f"{answer.status_code}: {answer.text}"
        if code == "placed":
            assert answer.status_code == 303, said
            assert "/sandbox/" in self.page, self.page
        else:
            assert answer.status_code in (409, 410), said

    async def money(self, what: str, _step: Any = None) -> None:
        """The order's money comes, or does not, or goes back."""
        await _MONEY[what](self)

    async def _paid(self) -> None:
        await self._provider("approve")

    async def _failed(self) -> None:
        await self._provider("decline")

    async def _late(self) -> None:
        """Paid in time; the money comes when the order has run out, and that had been told."""
        self.here.provider.delay = LATE.total_seconds()
        await self._provider("delay")
        await self._pass(timedelta(minutes=20))
        assert (await self._order()).state == "expired"
        self.seen = len(self.here.instagram.log)

    async def _late_paid(self) -> None:
        await self._late()
        await self._money_comes()

    async def _late_refunded(self) -> None:
        await self._late()
        for line in (await self._order()).items:
            await self.gone(line.sku)
        await self._money_comes()

    async def _money_comes(self) -> None:
        await self._pass(timedelta(minutes=10))
        await self._told()

    async def _refunded(self) -> None:
        await self.here.refund(MINA)
        await self._pass(timedelta(minutes=1))

    async def _shipped(self) -> None:
        await self.here.ship(MINA)

    async def _provider(self, outcome: str) -> None:
        """She decides on the provider's page; after a failure she has to ask for another."""
        if not self.page:
            self.here.clock.moment += timedelta(seconds=1)  # it takes her a moment
            await self.pay("placed")
        page, self.page = self.page, ""
        done = await self.here.browser.post(page, data={"outcome": outcome})
        assert done.status_code == 303, done.text
        await self._told()

    async def _told(self) -> None:
        """The provider posts every webhook that is due, and the house works it off."""
        await self.here.provider.deliver_due()
        for _ in range(PATIENCE):
            now, lines = self.here.clock.now(), self.here.provider.log
            made = {x.hook.id for x in lines if isinstance(x, HookMade) and x.hook.due <= now}
            if made <= {x.hook_id for x in lines if isinstance(x, HookTried) and x.done}:
                break
            await asyncio.sleep(0.005)
        else:
            raise AssertionError("the provider's webhooks are not taken")
        await self.here.rest()

    async def wait(self, minutes: int, _step: Any) -> None:
        """Time passes."""
        await self._pass(timedelta(minutes=minutes))

    async def _pass(self, length: timedelta) -> None:
        """Time passes from one thing that is due to the next."""
        end = self.here.clock.moment + length
        while (due := await self._next_due()) is not None and due <= end:
            self.here.clock.moment = max(due, self.here.clock.moment + timedelta(seconds=1))
            await self.here.rest()
        self.here.clock.moment = max(end, self.here.clock.moment)
        await self.here.rest()

    async def _next_due(self) -> datetime | None:
        rings = select(func.min(timer.c.due_at)).where(timer.c.status == "set")
        goes = select(func.min(outbox.c.next_at)).where(outbox.c.status.in_(OPEN))
        async with self.here.dangol.engine.read() as unit:
            moments = [await unit.value(rings), await unit.value(goes)]
        return min((one for one in moments if one is not None), default=None)

    async def gone(self, sku: str, _step: Any = None) -> None:
        """Somebody else buys what is left."""
        async with self.here.dangol.engine.read() as unit:
            free = select(variant.c.on_hand - variant.c.held).where(variant.c.sku == sku)
            pieces = await unit.value(free)
        await self._move(sku, -pieces)

    async def _move(self, sku: str, pieces: int) -> None:
        async with self.here.dangol.engine.write() as unit:
            row = await unit.only(
                select(variant.c.id, variant.c.shop_id).where(variant.c.sku == sku)
            )
            await move_stock(unit, row.shop_id, row.id, pieces, "over the counter", "mo")

    async def _order(self) -> Order:
        """Her newest order, with its lines."""
        async with self.here.dangol.engine.read() as unit:
            shop = await shop_at(unit, "hanok")
            assert shop is not None
            page = await list_orders(unit, shop.id, Filter())
            order = await order_by_id(unit, shop.id, page.items[0].id)
        assert order is not None
        return order

    async def person(self, text: str, _step: Any) -> None:
        """A person of the shop takes over and writes."""
        await self._ask(TakenOver("mo"))
        await self._ask(MerchantSaid(text, "mo"))

    async def back(self, _value: Any, _step: Any) -> None:
        """The chat is handed back."""
        await self._ask(HandedBack("mo"))

    async def _ask(self, event: TakenOver | MerchantSaid | HandedBack) -> None:
        async with self.here.dangol.engine.read() as unit:
            shop = await shop_at(unit, "hanok")
            assert shop is not None
            lane = await self._lane(unit, shop.id)
        self.asked += 1
        await self.here.ask(f"lane:{lane}", f"scenario:{self.asked}", event)

    # --- what must have reached the phone -------------------------------------------------------

    async def bot(self, wanted: dict[str, Any], _step: Any) -> None:
        """Compares what the platform took since the step before."""
        sent = self.here.instagram.log[self.seen :]
        public = [one.text for one in sent if one.kind == "comment-public"]
        private = [one for one in sent if one.kind != "comment-public"]
        self._words(wanted, private)
        if "messages" in wanted:
            assert len(private) == wanted["messages"], f"{len(private)} messages"
        if "buttons" in wanted:
            labels = [clip(label, LIMITS.button_label) for label in wanted["buttons"]]
            assert self._labels(private) == labels, self._labels(private)
        if "public" in wanted:
            assert public == ([wanted["public"]] if wanted["public"] else []), public
        if "private" in wanted:
            answered = any(one.kind == "comment-private" for one in private)
            assert answered == wanted["private"], f"private reply: {answered}"

    def _words(self, wanted: dict[str, Any], sent: list[Sent]) -> None:
        text = "\n".join(words_of(self._bubble(one)) for one in sent)
        for needle in wanted.get("has", ()):
            assert needle in text, f"not said: {needle}"
        for needle in wanted.get("lacks", ()):
            assert needle not in text, f"said: {needle}"

    def _labels(self, sent: list[Sent]) -> list[str]:
        """The choices of the last message that has some."""
        offered = (choices_of(self._bubble(one)) for one in reversed(sent))
        return [choice.label for choice in next(filter(None, offered), [])]

    def _bubble(self, sent: Sent) -> Bubble:
        return self.here.instagram.bubble(MINA, sent.message_id)


def choices_of(bubble: Bubble) -> list[Choice]:
    """Everything to tap on a message, its cards' too."""
    return [*bubble.choices, *(choice for card in bubble.cards for choice in card.choices)]


def words_of(bubble: Bubble) -> str:
    """Everything to read on a message."""
    cards = [words for card in bubble.cards for words in (card.title, card.subtitle)]
    return "\n".join(filter(None, (bubble.text, *cards)))


_MONEY: dict[str, Any] = {
    "paid": Player._paid,
    "payment-failed": Player._failed,
    "late-paid": Player._late_paid,
    "late-refunded": Player._late_refunded,
    "refunded": Player._refunded,
    "shipped": Player._shipped,
}
_STEPS: dict[str, Any] = {
    "comment": Player.comment,
    "say": Player.say,
    "number": Player.say,
    "tap": Player.tap,
    "old": Player.old,
    "send": Player.media,
    "form": Player.form,
    "pay": Player.pay,
    "money": Player.money,
    "wait": Player.wait,
    "gone": Player.gone,
    "person": Player.person,
    "back": Player.back,
    "bot": Player.bot,
}
