"""The playground's own server side: real posts, real rows, faults at a switch, 404 elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.ids import SeededChance
from app.edge.signing import signed_by
from app.web.play.courier import Courier
from app.web.play.stage import Stage
from app.web.play.view import view_of
from tests.journeys.shopping import ADDRESS
from tests.journeys.town import ACCOUNT, Town
from tests.web.house import HOSTILE, count, pages, read, visiting


class Worker:
    """Counts how often it was killed."""

    def __init__(self) -> None:
        self.killed = 0

    async def kill(self) -> None:
        self.killed += 1


class Play:
    """The page of the playground, without its scripts."""

    def __init__(self, here: Town, stage: Stage, browser: httpx.AsyncClient) -> None:
        self.here = here
        self.stage = stage
        self.browser = browser
        self.person = ""

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.browser.post(f"/play/api/{path}", json=body)

    async def cast(self, *, known: bool = False) -> Any:
        given = (await self.post("people", {"known": known})).json()
        self.person = given["person"] or self.person
        return given

    async def act(self, **does: Any) -> httpx.Response:
        answer = await self.post("act", {"person": self.person, **does})
        await self.settle()
        return answer

    async def settle(self) -> None:
        for _ in range(5):
            await self.here.rest()
            await asyncio.sleep(0.05)
        await self.here.rest()

    async def view(self, language: str = "en") -> Any:
        context = self.here.dangol.context
        return json.loads(await view_of(context, self.stage, self.person, language))

    async def tap(self, label: str) -> None:
        bubble = (await self.view())["thread"][-1]
        choices = [*bubble["message"]["buttons"], *bubble["message"]["chips"]]
        found = next(one for one in choices if label in one["label"])
        answer = await self.act(do="tap", token=found["token"], message=bubble["id"])
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def play(here: Town) -> AsyncIterator[Play]:
    """A stage over the town's own platform, whose posts go to the town's own receiver."""
    courier = Courier(here.browser, f"/hooks/instagram/{ACCOUNT}", SeededChance(3))
    worker = Worker()
    stage = Stage(here.instagram, courier, here.provider, worker.kill, "hanok", ACCOUNT)
    app = pages(here.dangol.context, stage, here.dangol.parts)
    async with visiting(app) as browser:
        yield Play(here, stage, browser)
    await courier.close()


# --- only in a demo -----------------------------------------------------------------------------


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_elsewhere_there_is_no_playground(here: Town, play: Play, environment: str):
    for stage in (play.stage, None):
        app = pages(here.dangol.context, stage, environment=environment)
        async with visiting(app) as browser:
            for path in ("/play", "/play/api/events", "/play/api/row/in/1"):
                assert (await browser.get(path)).status_code == 404
            for path in ("people", "act", "switches", "kill-worker"):
                assert (await browser.post(f"/play/api/{path}", json={})).status_code == 404


async def test_a_demo_without_a_stage_has_none_either(here: Town):
    async with visiting(pages(here.dangol.context)) as browser:
        assert (await browser.get("/play")).status_code == 404


async def test_the_page_is_strict(play: Play):
    answer = await play.browser.get("/play")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    page = read(httpx.Response(200, headers=answer.headers, text=answer.text))
    assert all((one["src"] or "").startswith("/static/") for one in page.all("script"))


# --- what the shopper does ----------------------------------------------------------------------


async def test_a_comment_leaves_as_a_signed_post(play: Play):
    await play.cast()
    media = (await play.view())["posts"][0]["media"]
    answer = await play.act(do="comment", text="#moonmug black please", media=media)
    assert answer.status_code == 200
    [delivery] = [one for one in play.stage.courier.log if one.about == answer.json()["id"]]
    assert delivery.status == 200
    given = delivery.headers["x-hub-signature-256"]
    assert signed_by("ig-secret", delivery.body.encode(), given, prefix="sha256=")
    view = await play.view()
    comments = next(one for one in view["posts"] if one["media"] == media)["comments"]
    assert [one["ours"] for one in comments] == [False, True]
    assert comments[1]["parent"] == comments[0]["id"]
    assert [one["side"] for one in view["thread"]] == ["shop"]


async def test_the_shops_side_follows(play: Play):
    await play.cast()
    media = (await play.view())["posts"][0]["media"]
    assert (await play.view())["member"] == {"known": False}
    await play.act(do="comment", text="#moonmug black please", media=media)
    await play.tap("Buy")
    await play.act(do="say", text=ADDRESS)
    view = await play.view()
    assert view["order"]["cart"][0]["quantity"] == 1
    assert view["order"]["held_until"]
    held = [one["held"] for shelf in view["stock"] for one in shelf["variants"]]
    assert sum(held) == 1
    await play.here.pay(play.person)
    await play.settle()
    view = await play.view()
    [order] = view["order"]["orders"]
    assert order["state"] == "paid"
    assert [move["after"] for move in order["moves"]][-1] == "paid"
    assert view["member"]["points"] == 150
    assert view["member"]["next"] == "gold"
    assert {row["way"] for row in view["rows"]} == {"in", "out"}
    assert (await play.cast(known=True))["person"] == play.person


async def test_nobody_is_known_before_somebody_bought(play: Play):
    assert (await play.cast(known=True))["person"] is None


async def test_everybody_new_is_somebody_else(play: Play):
    people = [await play.cast() for _ in range(12)]
    assert len({one["person"] for one in people}) == 12
    assert len({one["name"] for one in people}) == 12


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"do": "dance"},
        {"do": "comment", "text": "  ", "media": "18000000000000001"},
        {"do": "comment", "text": "hi", "media": "../x"},
        {"do": "say", "text": ""},
        {"do": "tap", "token": "not there"},
        {"do": "read"},
        {"do": ["say"], "text": "hi"},
    ],
)
async def test_acts_that_make_no_sense(play: Play, body: dict[str, Any]):
    await play.cast()
    answer = await play.post("act", {"person": play.person, **body})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert await count(play.here.dangol.engine, "inbox") == 0


async def test_only_json_of_our_own_page_acts(play: Play):
    for person in ("", "x", "1" * 30, None, 7, "<script>"):
        assert (await play.post("act", {"person": person, "do": "say"})).status_code == 422
    for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
        answer = await play.browser.post(
            "/play/api/switches", content=b'{"twice":true}', headers={"content-type": kind}
        )
        assert answer.status_code == 422
    for raw in (b"", b"[]", b"{", b"\xff", b'{"a":"' + b"b" * 9000 + b'"}'):
        answer = await play.browser.post(
            "/play/api/act", content=raw, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 422
    assert play.stage.courier.twice is False


async def test_hostile_words_go_through_as_words(play: Play):
    await play.cast()
    media = (await play.view())["posts"][0]["media"]
    for text in HOSTILE:
        answer = await play.act(do="comment", text=text[:2000], media=media)
        assert answer.status_code == 200
    shown = (await play.view())["posts"][0]["comments"]
    assert HOSTILE[0] in [one["text"] for one in shown]


# --- faults -------------------------------------------------------------------------------------


async def test_everything_twice_and_shuffled_is_bought_once(play: Play, monkeypatch):
    monkeypatch.setattr("app.web.play.courier.GATHER", 0.05)
    switched = await play.post("switches", {"twice": True, "shuffle": True, "drop": True})
    assert switched.json() == {"twice": True, "shuffle": True, "drop": True}
    assert play.here.provider.drop_webhooks
    await play.cast()
    media = (await play.view())["posts"][0]["media"]
    await play.act(do="comment", text="#moonmug black please", media=media)
    for _ in range(100):
        if (await play.view())["thread"]:
            break
        await play.settle()
    posts = [one.about for one in play.stage.courier.log]
    assert len(posts) == 2 * len(set(posts))
    assert len([one for one in (await play.view())["thread"] if one["side"] == "shop"]) == 1
    nonsense = await play.post("switches", {"twice": "yes", "other": True})
    assert nonsense.json()["twice"] is True


async def test_the_worker_can_be_killed(play: Play):
    assert (await play.post("kill-worker", {})).json() == {"killed": True}
    assert play.stage.kill_worker.__self__.killed == 1  # type: ignore[attr-defined]


async def test_a_receiver_that_is_away_is_asked_again(monkeypatch):
    answers = [503, 503, 200]
    seen: list[bytes] = []

    def receiver(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(answers.pop(0))

    async def no_wait(_: float) -> None:
        return None

    monkeypatch.setattr("app.web.play.courier.asyncio.sleep", no_wait)
    client = httpx.AsyncClient(transport=httpx.MockTransport(receiver))
    courier = Courier(client, "http://shop.test/hooks", SeededChance(1))
    posted = type("Posted", (), {"id": "c1", "headers": {}, "body": b"{}"})()
    await courier.deliver(posted)
    assert seen == [b"{}"] * 3
    assert [one.status for one in courier.log] == [503, 503, 200]
    await client.aclose()


# --- under the hood -----------------------------------------------------------------------------


async def test_a_row_opens_with_its_signature_and_its_step(play: Play):
    await play.cast()
    media = (await play.view())["posts"][0]["media"]
    await play.act(do="comment", text="#moonmug black please", media=media)
    rows = (await play.view())["rows"]
    came = next(row for row in rows if row["kind"] == "commented")
    opened = (await play.browser.get(f"/play/api/row/in/{came['id']}")).json()
    assert opened["event"]["text"] == "#moonmug black please"
    assert "x-hub-signature-256" in opened["post"]["headers"]
    assert opened["step"]["after"]["scene"]
    assert opened["step"]["before"] != opened["step"]["after"]
    left = next(row for row in rows if row["way"] == "out" and row["status"] == "sent")
    opened = (await play.browser.get(f"/play/api/row/out/{left['id']}")).json()
    assert opened["job"]["message"]["text"]
    assert opened["received"]
    for path in ("in/999999", "out/999999", "sideways/1"):
        assert (await play.browser.get(f"/play/api/row/{path}")).status_code == 404
