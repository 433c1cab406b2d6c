"""Web chat over HTTP: sessions, posting like any platform, history, the stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.merchants.put_account import put_account
from app.merchants.read import shop_at
from app.web.chat import sessions
from app.web.chat.sessions import Visit, visit_of
from app.web.chat.stream import last_seen, stream
from bots.webchat import WebChat
from tests.journeys.town import Town
from tests.web.house import HOSTILE, count, read

ACCOUNT = "hanok-web"


@pytest.fixture
async def web(here: Town) -> Town:
    """The shop with a web chat account, on the clock that the test moves."""
    channels = here.dangol.context.channels
    assert isinstance(channels, dict)
    channels["webchat"] = WebChat(here.clock)
    async with here.dangol.engine.write() as unit:
        shop = await shop_at(unit, "hanok")
        assert shop is not None
        secrets = {"app_secret": "web-secret"}
        await put_account(unit, shop.id, "webchat", ACCOUNT, secrets)
    return here


class Chatter:
    """A visitor's page, without its scripts."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.token = ""
        self.session = ""
        self.said = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    async def open(self) -> httpx.Response:
        answer = await self.here.browser.post(f"/chat/{ACCOUNT}/session", headers=self.headers)
        if answer.status_code == 200:
            self.token, self.session = answer.json()["token"], answer.json()["session"]
        return answer

    async def post(self, **item: Any) -> httpx.Response:
        self.said += 1
        self.here.clock.moment += timedelta(seconds=1)
        body = {"session": self.session, "items": [{"id": f"m{self.said}", **item}]}
        answer = await self.here.browser.post(
            f"/hooks/webchat/{ACCOUNT}", json=body, headers=self.headers
        )
        await self.here.rest()
        return answer

    async def history(self) -> dict[str, Any]:
        answer = await self.here.browser.get(f"/chat/{ACCOUNT}/history", headers=self.headers)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    async def visit(self) -> Visit:
        return await visit_of(self.here.dangol.context, ACCOUNT, self.token)


@pytest.fixture
async def chatter(web: Town) -> Chatter:
    """Somebody with an open session."""
    made = Chatter(web)
    await made.open()
    return made


async def test_a_conversation(chatter: Chatter):
    answer = await chatter.post(type="said", text="#moonmug black please")
    assert answer.status_code == 200
    shown = await chatter.history()
    assert [one["side"] for one in shown["messages"]] == ["visitor", "shop"]
    buttons = shown["messages"][1]["message"]["buttons"]
    await chatter.post(type="tapped", token=buttons[0]["token"], label=buttons[0]["label"])
    shown = await chatter.history()
    assert [one["side"] for one in shown["messages"]][:4] == ["visitor", "shop"] * 2
    assert shown["messages"][2]["message"]["text"] == buttons[0]["label"]
    assert shown["cursor"] == shown["messages"][-1]["id"]


async def test_the_same_item_twice_counts_once(chatter: Chatter):
    await chatter.post(type="said", text="#moonmug")
    chatter.said = 0
    await chatter.post(type="said", text="#moonmug")
    sides = [one["side"] for one in (await chatter.history())["messages"]]
    assert sides == ["visitor", "shop"]


async def test_coming_back_is_the_same_visitor(chatter: Chatter):
    before = chatter.session
    await chatter.open()
    assert chatter.session == before
    chatter.here.clock.moment += timedelta(days=2)
    expired = await chatter.here.browser.get(f"/chat/{ACCOUNT}/history", headers=chatter.headers)
    assert expired.status_code == 401
    await chatter.open()
    assert chatter.session == before
    chatter.here.clock.moment += timedelta(days=40)
    await chatter.open()
    assert chatter.session != before


async def test_strangers_are_sent_away(web: Town):
    rows = await count(web.dangol.engine, "inbox")
    for token in ("", "x", "v-12345678.9999999999." + "0" * 64):
        headers = {"authorization": f"Bearer {token}"}
        for path in ("history", "events"):
            answer = await web.browser.get(f"/chat/{ACCOUNT}/{path}", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"
        answer = await web.browser.post(f"/hooks/webchat/{ACCOUNT}", json={}, headers=headers)
        assert answer.status_code == 401
    assert await count(web.dangol.engine, "inbox") == rows


async def test_one_visitor_cannot_read_or_write_for_another(web: Town, chatter: Chatter):
    other = Chatter(web)
    await other.open()
    await chatter.post(type="said", text="#moonmug")
    assert (await other.history())["messages"] == []
    body = {"session": chatter.session, "items": [{"id": "x", "type": "said", "text": "hi"}]}
    answer = await web.browser.post(f"/hooks/webchat/{ACCOUNT}", json=body, headers=other.headers)
    assert answer.status_code == 401


async def test_an_account_that_is_not_there(web: Town):
    assert (await web.browser.get("/chat/nobody")).status_code == 404
    assert (await web.browser.post("/chat/nobody/session")).status_code == 404
    assert (await web.browser.get("/chat/nobody/demo")).status_code == 404


async def test_new_sessions_are_limited_by_address(web: Town, monkeypatch):
    monkeypatch.setattr(sessions, "NEW_A_MINUTE", 3)
    statuses = [(await Chatter(web).open()).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 503, 503]


# --- the stream ---------------------------------------------------------------------------------


async def taken(events: AsyncIterator[Any], kinds: int) -> list[Any]:
    return [await asyncio.wait_for(anext(events), 20) for _ in range(kinds)]


async def test_the_stream_tells_each_message_once(chatter: Chatter):
    context = chatter.here.dangol.context
    events = stream(context, await chatter.visit(), chatter.token, 0)
    assert (await anext(events)).event == "ready"
    await chatter.post(type="said", text="#moonmug black")
    [first] = await taken(events, 1)
    shown = json.loads(first.data)
    assert (first.event, first.id) == ("message", str(shown["id"]))
    await chatter.post(type="tapped", token=shown["message"]["buttons"][0]["token"])
    [second] = await taken(events, 1)
    assert int(second.id) > int(first.id)
    await events.aclose()  # type: ignore[attr-defined]
    again = stream(context, await chatter.visit(), chatter.token, int(first.id))
    assert [one.id for one in await taken(again, 2)][1] == second.id
    await again.aclose()  # type: ignore[attr-defined]


async def test_the_stream_ends_with_the_session(chatter: Chatter):
    events = stream(chatter.here.dangol.context, await chatter.visit(), chatter.token, 0)
    await anext(events)
    chatter.here.clock.moment += timedelta(days=2)
    assert [one.event async for one in events] == ["expired"]


@pytest.mark.parametrize(
    ("header", "row"), [("", 0), ("7", 7), ("-1", 0), ("x", 0), ("9" * 30, 0), ("٧", 0), ("1 2", 0)]
)
def test_the_last_event_a_page_knows(header: str, row: int):
    assert last_seen(header) == row


# --- pages --------------------------------------------------------------------------------------


async def test_the_page_may_be_framed_by_whom_the_shop_names(web: Town):
    answer = await web.browser.get(f"/chat/{ACCOUNT}")
    read(answer)
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    async with web.dangol.engine.write() as unit:
        shop = await shop_at(unit, "hanok")
        assert shop is not None
        origins = {"origins": "https://hanok.example https://www.hanok.example"}
        await put_account(unit, shop.id, "webchat", ACCOUNT, origins)
    web.clock.moment += timedelta(minutes=1)
    policy = (await web.browser.get(f"/chat/{ACCOUNT}")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://hanok.example https://www.hanok.example" in policy


async def test_the_widget_is_one_script(web: Town):
    answer = await web.browser.get("/chat/widget.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "attachShadow" in answer.text
    assert "innerHTML" not in answer.text
    page = read(await web.browser.get(f"/chat/{ACCOUNT}/demo"))
    assert [one for one in page.all("script") if one["src"] == "/chat/widget.js"]


async def test_what_a_visitor_writes_stays_text(chatter: Chatter):
    for text in HOSTILE:
        answer = await chatter.post(type="said", text=text)
        assert answer.status_code == 200
    shown = await chatter.history()
    said = [one["message"]["text"] for one in shown["messages"] if one["side"] == "visitor"]
    assert HOSTILE[0] in said
