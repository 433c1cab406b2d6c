"""The sandbox provider over its own wire: sessions, the page, refunds, webhooks, and its book."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.clock import FixedClock
from app.core.ids import Ids, SeededChance
from app.core.money import Money
from app.core.outbound import Answered, AskPayment, Call, CloseSession, OpenSession, RefundPayment
from app.core.ports import Account, NoFaults, Request, Verified
from app.edge.http import OutcomeUnknown, perform
from app.gateways.sandbox import GATEWAY
from app.gateways.sandbox.fake import SandboxProvider

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
ACCOUNT = Account(
    "acc_1", "shp_1", "pay:sandbox", "hanok", {"api_key": "sk_1"}, "http://pay.test/sandbox/api"
)
OPEN = OpenSession(
    payment_id="pay_1",
    reference="pay_1",
    money=Money(18_000, "KRW"),
    title="<b>달 머그</b> × 1",
    order_number="4K-219",
    return_url="http://shop.test/pay/t/return",
    notify_url="http://shop.test/hooks/pay/sandbox/hanok",
    expires_at=NOW + timedelta(minutes=10),
    locale="ko",
)


class World:
    """A provider, the shop it posts to, and a client that reaches it."""

    def __init__(self, book: Path | None) -> None:
        self.clock = FixedClock(NOW)
        self.hooks: list[httpx.Request] = []
        self.answers: list[int] = []
        self.book = book
        shop = httpx.AsyncClient(transport=httpx.MockTransport(self._take))
        self.provider = self.another(shop)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.provider))
        self.shop = shop

    def another(self, shop: httpx.AsyncClient, seed: int = 1) -> SandboxProvider:
        """One more process over the same book."""
        return SandboxProvider(
            self.book, self.clock, Ids(SeededChance(seed)), shop, automatic=False, delay=20
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.hooks.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 200)

    async def call(self, job: Any, provider: SandboxProvider | None = None) -> Answered:
        made: Call = GATEWAY.call(job, ACCOUNT, "key", self.clock.now())
        if provider is None:
            return await perform(self.client, made, NoFaults())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=provider)) as client:
            return await perform(client, made, NoFaults())

    async def open(self) -> str:
        opened = await self.call(OPEN)
        return opened.details["url"]

    async def choose(self, url: str, outcome: str) -> httpx.Response:
        return await self.client.post(url, data={"outcome": outcome})

    async def ask(self) -> dict[str, Any]:
        found = await self.call(AskPayment("pay_1", "pay_1", ""))
        captures = json.loads(found.details.get("captures", "[]"))
        return {"outcome": found.details["outcome"], "captures": captures}

    def told(self) -> list[dict[str, Any]]:
        """The bodies of the webhooks, each checked as the shop would."""
        bodies = []
        for hook in self.hooks:
            request = Request("POST", "/hooks", {}, dict(hook.headers), hook.content)
            assert GATEWAY.verify(request, ACCOUNT) == Verified()
            bodies.append(json.loads(hook.content))
        return bodies


@pytest.fixture(params=["memory", "file"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path / "sandbox.jsonl" if request.param == "file" else None)
    yield made
    await made.client.aclose()
    await made.shop.aclose()


@pytest.mark.parametrize(
    ("outcome", "amounts", "state"),
    [
        ("approve", [18_000], "captured"),
        ("decline", [], "failed"),
        ("double", [18_000, 18_000], "captured"),
        ("wrong-amount", [9_000], "captured"),
    ],
)
async def test_each_outcome_is_booked_and_told(
    world: World, outcome: str, amounts: list[int], state: str
):
    url = await world.open()
    answer = await world.choose(url, outcome)
    assert (answer.status_code, answer.headers["location"]) == (303, OPEN.return_url)
    await world.choose(url, "approve")  # the form sent again changes nothing
    asked = await world.ask()
    assert asked["outcome"] == state
    assert [one["amount"] for one in asked["captures"]] == amounts
    await world.provider.deliver_due()
    told = [(one["type"], one["data"].get("amount")) for one in world.told()]
    assert told == [("payment.captured", amount) for amount in amounts] or outcome == "decline"
    assert len({one["capture_id"] for one in asked["captures"]}) == len(amounts)
    assert {one["data"]["reference"] for one in world.told()} == {"pay_1"}


async def test_delayed_money_comes_later_even_after_closing(world: World):
    url = await world.open()
    await world.choose(url, "delay")
    assert (await world.ask())["outcome"] == "open"
    assert "결제가 진행되고" in (await world.client.get(url)).text
    closed = await world.call(CloseSession("pay_1", "pay_1", url.rpartition("/")[2]))
    assert closed.details["outcome"] == "expired"
    assert await world.provider.deliver_due() == 0
    world.clock.moment += timedelta(seconds=20)
    assert await world.provider.deliver_due() == 1
    assert (await world.ask())["outcome"] == "captured"


async def test_a_paid_session_cannot_be_closed_and_says_so(world: World):
    url = await world.open()
    await world.choose(url, "approve")
    closed = await world.call(CloseSession("pay_1", "pay_1", url.rpartition("/")[2]))
    assert closed.details["outcome"] == "captured"
    assert len(json.loads(closed.details["captures"])) == 1


async def test_a_closed_or_ended_session_takes_no_money(world: World):
    url = await world.open()
    world.clock.moment += timedelta(minutes=10)
    assert (await world.choose(url, "approve")).status_code == 303
    assert await world.ask() == {"outcome": "expired", "captures": []}


async def test_a_session_is_made_once(world: World):
    assert await world.open() == await world.open()
    other = {**json.loads(GATEWAY.call(OPEN, ACCOUNT, "", NOW).body), "amount": 1}
    answer = await world.client.post(
        "http://pay.test/sandbox/api/sessions",
        json=other,
        headers={"authorization": "Bearer sk_1", "idempotency-key": "pay_1"},
    )
    assert (answer.status_code, answer.json()["error"]) == (409, "key-reused")


async def test_a_lost_answer_is_asked_for_again(world: World):
    world.provider.fail_next("timeout-after")
    with pytest.raises(OutcomeUnknown):
        await world.open()
    assert await world.open()
    assert len([line for line in world.provider.log if hasattr(line, "session")]) == 1


async def test_refunds_give_back_once_and_never_more_than_came(world: World):
    url = await world.open()
    await world.choose(url, "approve")
    capture = (await world.ask())["captures"][0]["capture_id"]
    refund = RefundPayment("ref_1", "pay_1", capture, Money(18_000, "KRW"))
    first, second = await world.call(refund), await world.call(refund)
    assert first.reference == second.reference
    for form, error in (
        ({"amount": 1}, "too-much"),
        ({"amount": 1, "currency": "USD"}, "amount"),
        ({"capture": "cap_x"}, "no-capture"),
    ):
        body = {"reference": "pay_1", "capture": capture, "amount": 1, "currency": "KRW", **form}
        answer = await world.client.post(
            "http://pay.test/sandbox/api/refunds",
            json=body,
            headers={"authorization": "Bearer sk_1", "idempotency-key": error},
        )
        assert answer.json()["error"] == error
    await world.provider.deliver_due()
    assert [one["type"] for one in world.told()] == ["payment.captured", "refund.done"]


async def test_a_refused_refund_says_so(world: World):
    url = await world.open()
    await world.choose(url, "approve")
    capture = (await world.ask())["captures"][0]["capture_id"]
    world.provider.refuse_refunds = True
    answered = await world.call(RefundPayment("ref_1", "pay_1", capture, Money(18_000, "KRW")))
    assert answered.details["outcome"] == "failed"


async def test_webhooks_are_repeated_until_they_are_taken(world: World):
    world.answers = [500, 503, 200]
    await world.choose(await world.open(), "approve")
    for wait in (0, 1, 2, 60, 3600):
        world.clock.moment += timedelta(seconds=wait)
        await world.provider.deliver_due()
    assert len(world.hooks) == 3
    assert len({hook.headers["webhook-id"] for hook in world.hooks}) == 1


async def test_dropped_webhooks_never_come(world: World):
    world.provider.drop_webhooks = True
    await world.choose(await world.open(), "approve")
    world.provider.drop_webhooks = False
    world.clock.moment += timedelta(days=1)
    assert await world.provider.deliver_due() == 0
    assert (await world.ask())["outcome"] == "captured"


async def test_another_account_sees_nothing(world: World):
    await world.open()
    base = "http://pay.test/sandbox/api/sessions/by-reference/pay_1"
    stranger = await world.client.get(base, headers={"authorization": "Bearer sk_2"})
    nobody = await world.client.get(base)
    assert (stranger.status_code, nobody.status_code) == (404, 401)


async def test_the_page_is_one_form_and_loads_nothing(world: World):
    answer = await world.client.get(await world.open())
    html, policy = answer.text, answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert html.count("<form") == 1
    assert "₩18,000" in html
    assert "4K-219" in html
    assert "&lt;b&gt;달 머그" in html
    assert re.findall(r'name="outcome" value="([\w-]+)"', html) == [
        "approve", "decline", "delay", "double", "wrong-amount",
    ]  # fmt: skip
    assert not re.search(r"<script|src=|@import|url\(|https?://", html)
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://shop.test" in policy
    assert "unsafe" not in policy


async def test_a_get_changes_nothing_and_nonsense_is_refused(world: World):
    url = await world.open()
    before = len(world.provider.log)
    await world.client.get(url)
    assert (await world.choose(url, "everything")).status_code == 422
    assert (await world.client.get("http://pay.test/sandbox/ses_x")).status_code == 404
    assert (await world.choose("http://pay.test/sandbox/ses_x", "approve")).status_code == 404
    assert len(world.provider.log) == before


async def test_processes_and_restarts_agree(tmp_path: Path):
    world = World(tmp_path / "sandbox.jsonl")
    url = await world.open()
    other = world.another(world.shop, seed=2)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=other)) as client:
        await client.post(url, data={"outcome": "approve"})
    assert (await world.ask())["outcome"] == "captured"
    assert await world.provider.deliver_due() + await other.deliver_due() == 1
    with (tmp_path / "sandbox.jsonl").open("ab") as book:
        book.write(b'{"do":"capture","at":"20')  # a process died in the middle of a line
    third = world.another(world.shop, seed=3)
    found = await world.call(AskPayment("pay_1", "pay_1", ""), third)
    assert found.details["outcome"] == "captured"
    await world.call(CloseSession("pay_1", "pay_1", url.rpartition("/")[2]), third)
    assert await third.deliver_due() == 0
    assert (await world.ask())["outcome"] == "captured"
    await world.client.aclose()
    await world.shop.aclose()


async def test_a_hook_in_dead_hands_is_sent_after_a_while(tmp_path: Path):
    world = World(tmp_path / "sandbox.jsonl")
    await world.choose(await world.open(), "approve")
    world.provider.hooks._claim()  # and then the process dies
    other = world.another(world.shop, seed=2)
    assert await other.deliver_due() == 0
    world.clock.moment += timedelta(seconds=16)
    assert await other.deliver_due() == 1
    await world.client.aclose()
    await world.shop.aclose()


async def test_hooks_go_out_by_themselves(tmp_path: Path):
    world = World(None)
    provider = SandboxProvider(None, world.clock, Ids(SeededChance(4)), world.shop)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=provider)) as client:
        opened = await perform(client, GATEWAY.call(OPEN, ACCOUNT, "", NOW), NoFaults())
        await client.post(opened.details["url"], data={"outcome": "approve"})
        for _ in range(100):
            if world.hooks:
                break
            await asyncio.sleep(0.01)
    assert len(world.told()) == 1
    await provider.close()
    await world.client.aclose()
    await world.shop.aclose()
