"""A whole town in one process: the house as it is deployed, a platform and a payment provider.

Everything talks over HTTP (ASGI transports); only the clock is ours. The fakes' logs are the
independent witness of what reached people.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml
from starlette.types import ASGIApp, Receive, Scope, Send

from app.audit.run import audit
from app.bootstrap import Dangol, build
from app.catalog.shopfile import apply_shop
from app.core.clock import FixedClock
from app.core.ids import SeededChance
from app.core.inbound import AnyEvent, RefundAsked, ShipmentMarked
from app.core.ports import Faults
from app.edge.http import make_client
from app.engine.faults import Killed
from app.gateways.sandbox.fake import SandboxProvider
from app.gateways.sandbox.fake.ledger import RefundMade
from app.inbox.arrival import from_house
from app.inbox.bind import lane_at
from app.main import create_app
from app.merchants.put_account import put_account
from app.merchants.read import shop_at
from app.orders.order import Filter
from app.orders.read import list_orders, orders_of_lanes
from app.settings import Settings
from bots.instagram.fake import Bubble, FakeInstagram, Hook
from bots.instagram.fake.hooks import escaped, signed

PUBLIC = "http://shop.test"
INSTAGRAM = "http://instagram.test"
ACCOUNT = "17841400000000001"
SHOP = Path(__file__).parent / "shop.yaml"
RESTART = timedelta(seconds=31)  # until somebody, or something, has started it again
ROUNDS = 200  # loop rounds until the house must have come to rest


class Door:
    """Whatever process serves now: a restart replaces it, the address stays."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class Town:
    """The house, its platform and the browser of a shopper."""

    dangol: Dangol
    instagram: FakeInstagram
    browser: httpx.AsyncClient
    clock: FixedClock
    rebuild: Callable[[], Dangol]
    posted: list[Hook] = field(default_factory=list)
    kills: int = 0
    dead: list[Dangol] = field(default_factory=list)

    async def restart(self) -> None:
        """The process died; another one starts over the same database."""
        self.kills += 1
        self.dead.append(self.dangol)  # requests may still hang on it, as sockets do
        self.dangol = self.rebuild()
        self.clock.moment += RESTART

    async def close(self) -> None:
        """Lets go of every connection, of dead processes too."""
        for one in (*self.dead, self.dangol):
            await one.close()

    # --- the platform ---------------------------------------------------------------------------

    async def post(self, hook: Hook, *, expect: int = 200) -> httpx.Response:
        """The platform posts a webhook."""
        self.posted.append(hook)
        for _ in range(3):  # a platform posts again what was not answered with 200
            try:
                answer = await self.browser.post(
                    f"/hooks/instagram/{ACCOUNT}", content=hook.body, headers=hook.headers
                )
            except Killed:
                await self.restart()
                continue
            if answer.status_code != 503:
                break
            await self.restart()  # its flush died, so the process did
        assert answer.status_code == expect, answer.text
        return answer

    def signed(self, payload: dict[str, Any]) -> Hook:
        """Any body, signed as the platform signs."""
        body = escaped(payload)
        return Hook("made", signed(self.instagram.app_secret, body), body, payload)

    async def comment(self, person: str, text: str, **more: Any) -> Hook:
        """Somebody comments, and the house comes to rest."""
        hook = self.instagram.comment(person, text, **more)
        await self.post(hook)
        await self.rest()
        return hook

    async def say(self, person: str, text: str) -> Hook:
        """Somebody writes into the chat."""
        hook = self.instagram.say(person, text)
        await self.post(hook)
        await self.rest()
        return hook

    async def tap(self, person: str, label: str) -> Hook:
        """Somebody taps the newest choice whose label contains this."""
        hook = self.instagram.tap(person, self.choice(person, label))
        await self.post(hook)
        await self.rest()
        return hook

    def choice(self, person: str, label: str) -> str:
        """The full label of a choice on the screen."""
        for bubble in reversed(self.instagram.thread(person)):
            for choice in self._choices(bubble):
                if label.lower() in choice.label.lower():
                    return str(choice.label)
        raise AssertionError(f"{label!r} is not offered: {self.chat(person)}")

    @staticmethod
    def _choices(bubble: Bubble) -> list[Any]:
        return [*bubble.choices, *(choice for card in bubble.cards for choice in card.choices)]

    def link(self, person: str, part: str) -> str:
        """The newest link in the chat whose address contains `part`."""
        for bubble in reversed(self.instagram.thread(person)):
            urls = [choice.url for choice in self._choices(bubble) if choice.url]
            urls += re.findall(r"https?://\S+", bubble.text)
            for url in urls:
                if part in url:
                    return str(url)
        raise AssertionError(f"no link with {part!r}: {self.chat(person)}")

    def chat(self, person: str) -> list[str]:
        """The thread as lines, with its choices."""
        return [
            f"{bubble.side}: {bubble.text}"
            + "".join(f" [{choice.label}]" for choice in self._choices(bubble))
            for bubble in self.instagram.thread(person)
        ]

    def last(self, person: str) -> str:
        """What the shop said last."""
        said = [line for line in self.chat(person) if line.startswith("shop: ")]
        return said[-1].removeprefix("shop: ") if said else ""

    # --- the house ------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Runs the loops until nothing is due, passing on what the platform posts of our sends."""
        for _ in range(ROUNDS):
            try:
                worked = await self.dangol.drain.once()
                worked += await self.dangol.deliver.once()
                worked += await self.dangol.tick.once()
            except Killed:
                await self.restart()
                continue
            for hook in self.instagram.take_outgoing():
                await self.post(hook)
                worked += 1
            if not worked:
                return
        raise AssertionError("the house does not come to rest")

    async def wait(self, **length: float) -> None:
        """Time passes, in steps small enough for every timer to come in its turn."""
        left = timedelta(**length)
        while left > timedelta(0):
            step = min(left, timedelta(minutes=1))
            self.clock.moment += step
            left -= step
            await self.rest()

    async def ask(self, address: str, key: str, event: AnyEvent) -> None:
        """The house is asked something by a merchant, as the API asks."""
        async with self.dangol.engine.read() as unit:
            shop = await shop_at(unit, "hanok")
        assert shop is not None
        arrival = from_house(shop.id, address, key, event, self.clock.now())
        await self.dangol.context.acceptor.accept([arrival])
        await self.rest()

    async def ship(self, person: str) -> None:
        """The merchant hands this person's newest order to a carrier."""
        lane, order_id = await self._newest_order(person)
        mark = ShipmentMarked(order_id, "CJ", "123-456", by="jun")
        await self.ask(f"lane:{lane}", f"ship:{order_id}", mark)

    async def refund(self, person: str) -> None:
        """The merchant gives the money of the newest order back."""
        lane, order_id = await self._newest_order(person)
        asked = RefundAsked(order_id, "broken on the way", by="jun")
        await self.ask(f"lane:{lane}", f"refund:{order_id}", asked)

    async def _newest_order(self, person: str) -> tuple[str, str]:
        async with self.dangol.engine.read() as unit:
            shop = await shop_at(unit, "hanok")
            assert shop is not None
            lane = await lane_at(unit, shop.id, f"instagram:{ACCOUNT}:user:{person}")
            assert lane is not None
            orders = (await orders_of_lanes(unit, shop.id, [lane]))[lane]
        return lane, orders[0].id

    async def reconnect(self, token: str) -> None:
        """The merchant puts a new token in."""
        async with self.dangol.engine.write() as unit:
            shop = await shop_at(unit, "hanok")
            assert shop is not None
            await put_account(
                unit, shop.id, "instagram", ACCOUNT, {"access_token": token}, INSTAGRAM
            )

    # --- the shopper's browser ------------------------------------------------------------------

    async def pay(self, person: str, outcome: str = "approve") -> httpx.Response:
        """Opens the newest payment link, chooses the sandbox, and answers its page."""
        page = await self.open_provider(person)
        done = await self.browser.post(page, data={"outcome": outcome})
        assert done.status_code == 303, done.text
        await self.settle_webhooks()
        return done

    async def open_provider(self, person: str) -> str:
        """Presses the payment method on our page; the address of the provider's page.

        A shopper whose press got no answer presses again.
        """
        link = self.link(person, "/pay/")
        for _ in range(5):
            try:
                answer = await self._press(link)
            except Killed:
                await self.restart()
                continue
            if answer.status_code == 303 and "/sandbox/" in answer.headers["location"]:
                return answer.headers["location"]
            if answer.status_code < 500 and answer.status_code != 303:
                break
        raise AssertionError(f"{answer.status_code}: {answer.text}")

    async def _press(self, link: str) -> httpx.Response:
        page = await self.browser.get(link)
        assert page.status_code == 200, page.text
        nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)
        form = {"provider": "sandbox", "nonce": nonce[1] if nonce else ""}
        pressed = asyncio.create_task(self.browser.post(link, data=form))
        for _ in range(500):
            if pressed.done():
                break
            await self.rest()
            await asyncio.sleep(0.01)
        return await pressed

    async def settle_webhooks(self) -> None:
        """Lets the provider post its webhooks, and the house work them off."""
        for _ in range(20):
            await asyncio.sleep(0.01)
            await self.rest()

    @property
    def provider(self) -> SandboxProvider:
        """The payment provider of the process that serves now."""
        part = self.dangol.parts["/sandbox"]
        assert isinstance(part, SandboxProvider)
        return part

    async def provider_tells(self) -> None:
        """The provider posts every webhook that is due."""
        await self.provider.deliver_due()
        await self.settle_webhooks()

    def refunded(self) -> list[int]:
        """The amounts the provider gave back, by its own book."""
        return [line.refund.amount for line in self.provider.log if isinstance(line, RefundMade)]

    def repeated_sends(self) -> int:
        """How often the platform took the same words for the same person twice."""
        seen = [(sent.to, sent.text) for sent in self.instagram.log]
        return len(seen) - len(set(seen))

    async def orders(self) -> list[dict[str, Any]]:
        """Every order of the shop."""
        async with self.dangol.engine.read() as unit:
            shop = await shop_at(unit, "hanok")
            assert shop is not None
            page = await list_orders(unit, shop.id, Filter())
        return [{"state": order.state, "number": order.number} for order in page.items]

    # --- the books ------------------------------------------------------------------------------

    async def audit(self) -> dict[str, tuple[str, ...]]:
        """Every broken promise; empty when all is well."""
        return {one.invariant: one.broken for one in await audit(self.dangol.engine) if one.broken}


@asynccontextmanager
async def town(
    database_url: str,
    folder: Path,
    clock: FixedClock,
    *,
    faults: Faults | None = None,
    seed: int = 7,
    redis_url: str | None = None,
    shop: dict[str, Any] | None = None,
    others: Mapping[str, httpx.AsyncBaseTransport | None] | None = None,
) -> AsyncIterator[Town]:
    """Builds the town over an empty database with the shop file applied."""
    instagram = FakeInstagram(clock, "ig-secret", ACCOUNT, "ig-token")
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=database_url,
        redis_url=redis_url,
        public_url=PUBLIC,
        environment="demo",
        var_dir=folder,
        secret_key="k" * 40,  # type: ignore[arg-type]
        wait_seconds=5,
    )
    door = Door()
    own = httpx.ASGITransport(door)
    mounts: dict[str, httpx.AsyncBaseTransport | None] = {
        INSTAGRAM: httpx.ASGITransport(instagram),
        PUBLIC: own,
        **(others or {}),
    }

    starts = itertools.count(seed)  # a new process draws other chances than the one that died

    def rebuild() -> Dangol:
        client = make_client(mounts=mounts)
        made = build(
            settings, clock=clock, chance=SeededChance(next(starts)), faults=faults, client=client
        )
        door.app = create_app(made, with_worker=False)
        return made

    dangol = rebuild()
    async with dangol.engine.write() as unit:
        await apply_shop(unit, shop or yaml.safe_load(SHOP.read_text(encoding="utf-8")), {})
    async with httpx.AsyncClient(transport=own, base_url=PUBLIC) as browser:
        made = Town(dangol, instagram, browser, clock, rebuild)
        try:
            yield made
        finally:
            await made.close()
