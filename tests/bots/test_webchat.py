"""Web chat's own rules: whose session a post speaks for, and what reaches the page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.core.clock import FixedClock
from app.core.errors import NeverSend
from app.core.inbound import Said, Unparsed
from app.core.outbound import Body, Button, Card, ChannelSend, Destination, Message
from app.core.ports import Account, Refused, Request, Verified
from bots.webchat import CHANNEL, WebChat, session
from bots.webchat.fake import Post, Visitor

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ACCOUNT = Account("acc_1", "shop_1", "webchat", "hanok-web", {"app_secret": "new-one old-one"})
MINA = "v-mina-0001"
JUN = "v-jun-00001"


def request(post: Post, **changes: object) -> Request:
    made = Request("POST", "/hooks/webchat/hanok-web", {}, post.headers, post.body)
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
def plug(clock: FixedClock) -> WebChat:
    clock.moment = NOW
    return WebChat(clock)


@pytest.fixture
def mina(clock: FixedClock) -> Visitor:
    return Visitor(clock, ACCOUNT, MINA)


# --- sessions -----------------------------------------------------------------------------------


def test_a_visitors_post_is_theirs(plug: WebChat, mina: Visitor):
    assert plug.verify(request(mina.say("hi")), ACCOUNT) == Verified()


def test_nobody_speaks_for_somebody_else(plug: WebChat, mina: Visitor, clock: FixedClock):
    other = Visitor(clock, ACCOUNT, JUN).say("I am Mina")
    forged = request(other, headers=mina.say("hi").headers)
    assert isinstance(plug.verify(forged, ACCOUNT), Refused)


def test_a_session_ends(plug: WebChat, mina: Visitor, clock: FixedClock):
    post = mina.say("hi")
    clock.moment += session.LIVES - timedelta(seconds=1)
    assert plug.verify(request(post), ACCOUNT) == Verified()
    clock.moment += timedelta(seconds=1)
    assert isinstance(plug.verify(request(post), ACCOUNT), Refused)


def test_who_comes_back_late_is_known_for_a_while(plug: WebChat):
    token = plug.session_token(ACCOUNT, MINA, NOW)
    assert token is not None
    late = NOW + session.LIVES + timedelta(days=1)
    assert plug.visitor_of(ACCOUNT, token, late) is None
    assert plug.returning(ACCOUNT, token, late) == MINA
    assert plug.returning(ACCOUNT, token, late + session.RENEWABLE) is None


def test_a_token_is_good_for_its_own_account_and_secret(plug: WebChat):
    token = plug.session_token(ACCOUNT, MINA, NOW)
    assert token is not None
    other = msgspec.structs.replace(ACCOUNT, external_id="other-web")
    replaced = msgspec.structs.replace(ACCOUNT, secrets={"app_secret": "newer-one new-one"})
    gone = msgspec.structs.replace(ACCOUNT, secrets={"app_secret": "newer-one"})
    assert plug.visitor_of(other, token, NOW) is None
    assert plug.visitor_of(replaced, token, NOW) == MINA
    assert plug.visitor_of(gone, token, NOW) is None
    assert plug.session_token(msgspec.structs.replace(ACCOUNT, secrets={}), MINA, NOW) is None


@pytest.mark.parametrize("at", [0, 5, 12, 20, 40, 60, 80])
def test_no_byte_of_a_token_can_be_changed(plug: WebChat, at: int):
    token = plug.session_token(ACCOUNT, MINA, NOW)
    assert token is not None
    at = min(at, len(token) - 1)
    changed = token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :]
    assert plug.visitor_of(ACCOUNT, changed, NOW) is None


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a" * 10_000, "é.1.x", "\ud800", "v.1." + "0" * 64]
)
def test_what_is_no_token(plug: WebChat, token: str):
    assert plug.visitor_of(ACCOUNT, token, NOW) is None


# --- in -----------------------------------------------------------------------------------------


def test_ids_count_within_a_session_only(clock: FixedClock):
    """One visitor's ids must not swallow another's messages."""
    clock.moment = NOW
    keys = {
        item.key
        for who in (MINA, JUN)
        for item in CHANNEL.parse(Visitor(clock, ACCOUNT, who).say("hi").body, ACCOUNT, NOW)
    }
    assert len(keys) == 2


def test_the_same_item_has_the_same_key(mina: Visitor):
    post = mina.say("hi")
    first, second = (CHANNEL.parse(post.body, ACCOUNT, NOW)[0].key for _ in range(2))
    assert first == second


def test_several_items_keep_their_order(mina: Visitor, clock: FixedClock):
    clock.moment = NOW
    post = mina.post({"type": "said", "text": "one"}, {"type": "said", "text": "two"})
    texts = [item.event.text for item in CHANNEL.parse(post.body, ACCOUNT, NOW)]  # type: ignore[union-attr]
    assert texts == ["one", "two"]


@pytest.mark.parametrize("moment", [-1, 0, 1e15, "now", True, None, [], 1e308])
def test_a_clock_that_is_wrong_does_not_matter(moment: object):
    item = {"id": "m1", "type": "said", "text": "hi", "at": moment}
    raw = json.dumps({"session": MINA, "items": [item]}).encode()
    [found] = CHANNEL.parse(raw, ACCOUNT, NOW)
    assert found.occurred_at <= NOW
    assert isinstance(found.event, Said)


def test_ten_thousand_characters_are_kept_and_no_more(mina: Visitor):
    [item] = CHANNEL.parse(mina.say("가" * 20_000).body, ACCOUNT, NOW)
    assert isinstance(item.event, Said)
    assert len(item.event.text) == 10_000


def test_too_many_items_are_one_row_without_effect(mina: Visitor):
    items: list[dict[str, object]] = [{"type": "said", "text": str(x)} for x in range(101)]
    post = mina.post(*items)
    [item] = CHANNEL.parse(post.body, ACCOUNT, NOW)
    assert isinstance(item.event, Unparsed)


# --- out ----------------------------------------------------------------------------------------


def drawn(message: Message) -> dict[str, object]:
    sent = CHANNEL.send(ChannelSend(Destination("chat", recipient=MINA), message), ACCOUNT, "k")
    assert isinstance(sent, Body)
    shown: dict[str, object] = json.loads(sent.body)
    return shown


def test_a_message_is_drawn_whole():
    card = Card("Mug", "₩15,000", "https://shop.test/m.jpg", (Button("Choose", token="t2"),))
    shown = drawn(Message("Which?", (Button("One", token="t1"),), (card,), "https://shop.test/p"))
    assert shown == {
        "text": "Which?",
        "image": "https://shop.test/p",
        "buttons": [{"label": "One", "token": "t1"}],
        "cards": [
            {
                "title": "Mug",
                "subtitle": "₩15,000",
                "image": "https://shop.test/m.jpg",
                "buttons": [{"label": "Choose", "token": "t2"}],
            }
        ],
    }


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", " https://x", "//x"]
)
def test_only_addresses_of_the_web_reach_the_page(address: str):
    card = Card("Mug", image_url=address, buttons=(Button("x", url=address),))
    shown = drawn(Message("hi", (Button("x", url=address),), (card,), address))
    assert address not in json.dumps(shown)


def test_comments_are_no_business_of_a_chat():
    for to in ("comment-private", "comment-public"):
        job = ChannelSend(Destination(to, comment_id="1"), Message("hi"))
        with pytest.raises(NeverSend) as refused:
            CHANNEL.send(job, ACCOUNT, "k")
        assert refused.value.rule == "no-such-destination"
