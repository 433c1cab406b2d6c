"""Whatever is posted, reading and verifying neither raise nor take long."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.inbound import Commented, NotOurs, Said, Unknown, Unparsed
from app.core.ports import Answer, Refused, Request, Verified
from bots.instagram import CHANNEL
from bots.instagram.fake.hooks import escaped, signed
from tests.bots.fixtures import NOW, fixtures

GIVEN = fixtures("in", "instagram")
ACCOUNT = GIVEN[0].account
BODIES = [json.loads(one.raw) for one in GIVEN]

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["0", ACCOUNT.external_id, "\0", "\ud83d", "x" * 600, 10**400, 10**12]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value within."""
    found = [at] if at else []
    if isinstance(value, dict):
        for name, part in value.items():
            found += paths(part, (*at, name))
    if isinstance(value, list):
        for index, part in enumerate(value):
            found += paths(part, (*at, index))
    return found


@st.composite
def mutated(draw) -> bytes:
    """A real body in which something was replaced, taken out, or named otherwise."""
    body = json.loads(json.dumps(draw(st.sampled_from(BODIES))))
    for _ in range(draw(st.integers(1, 3))):
        ways = paths(body)
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        inside = body
        for step in way:
            inside = inside[step]
        if draw(st.booleans()):
            inside[last] = draw(ANYTHING)
        else:
            del inside[last]
    raw = escaped(body)
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 9)) == 0 else raw


def check(raw: bytes) -> None:
    items = CHANNEL.parse(raw, ACCOUNT, NOW)
    assert items
    for item in items:
        assert 0 < len(item.key) <= 1100
        assert item.occurred_at <= NOW
        assert item.account in {ACCOUNT.external_id, *ACCOUNT.app_accounts}
        storable = (item.key, item.address, *item.extra, str(item.event))
        assert "\0" not in "".join(storable)
        "".join(storable).encode()
        if isinstance(item.event, Unparsed | NotOurs):
            assert item.address == ""
        if isinstance(item.event, Commented):
            assert item.event.commented_at == item.occurred_at


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_mutated_body_is_read_somehow(raw):
    check(raw)


@settings(max_examples=200, deadline=None)
@given(st.binary() | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_somehow(raw):
    check(raw)


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_reading_twice_gives_the_same_keys(raw):
    """A delivery that is repeated must meet its own rows."""
    keys = [item.key for item in CHANNEL.parse(raw, ACCOUNT, NOW)]
    later = datetime(2026, 11, 24, tzinfo=UTC)
    assert [item.key for item in CHANNEL.parse(raw, ACCOUNT, later)] == keys


HEADERS = st.dictionaries(
    st.sampled_from(["x-hub-signature-256", "content-type"]) | st.text(st.characters()),
    st.text(st.characters()) | st.text("0123456789abcdef").map(lambda text: f"sha256={text}"),
)
QUERY = st.dictionaries(
    st.sampled_from(["hub.mode", "hub.challenge", "hub.verify_token"]) | st.text(),
    st.sampled_from(["subscribe", "hanok-verify"]) | st.text(st.characters()),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["GET", "POST", "HEAD", ""]), QUERY, HEADERS, st.binary())
def test_any_request_is_judged(method, query, headers, raw):
    request = Request(method, "/hooks/instagram/1", query, headers, raw)
    verdict = CHANNEL.verify(request, ACCOUNT)
    if isinstance(verdict, Answer):
        assert (method, query["hub.mode"], query["hub.verify_token"]) == (
            "GET", "subscribe", "hanok-verify",
        )  # fmt: skip
    else:
        # Nobody guesses a signature.
        assert isinstance(verdict, Refused)


@given(st.binary())
def test_the_owner_of_the_secret_is_believed(raw):
    request = Request("POST", "/", {}, signed("new-app-secret", raw), raw)
    assert CHANNEL.verify(request, ACCOUNT) == Verified()


# --- long and deep ------------------------------------------------------------------------------

MESSAGE = '{"sender":{"id":"6100"},"timestamp":1795348740123,"message":{"mid":"m%d","text":%s}}'


def batch(*items: str) -> bytes:
    head = f'{{"object":"instagram","entry":[{{"id":"{ACCOUNT.external_id}","time":1795348740,'
    return (head + f'"messaging":[{",".join(items)}]}}]}}').encode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 5000 + "]" * 5000, "recursion"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "recursion"),
        ("9" * 5000, "digits"),
        ("1e999", "not text"),
        ("true", "not text"),
    ],
    ids=["deep lists", "deep objects", "huge number", "infinite", "a flag"],
)
def test_one_bad_item_leaves_its_neighbours(text, why):
    raw = batch(MESSAGE % (1, '"one"'), MESSAGE % (2, text), MESSAGE % (3, '"three"'))
    first, broken, third = CHANNEL.parse(raw, ACCOUNT, NOW)
    assert (first.key, third.key) == ("message:m1", "message:m3")
    assert broken.key.startswith("unparsed:")
    assert isinstance(broken.event, Unparsed)
    assert why in broken.event.error


def test_ten_thousand_characters_stay_whole():
    text = "가😀\u200b" * 3333
    [item] = CHANNEL.parse(batch(MESSAGE % (1, json.dumps(text))), ACCOUNT, NOW)
    assert item.event == Said(text=text, message_id="m1")


def test_a_body_of_the_largest_size_is_read_in_time():
    items = [MESSAGE % (at, '"%s"' % ("가" * 150)) for at in range(4900)]
    raw = batch(*items)
    assert 2_000_000 < len(raw) < 3_500_000
    started = time.perf_counter()
    assert len(CHANNEL.parse(raw, ACCOUNT, NOW)) == 4900
    assert time.perf_counter() - started < 3


def test_what_lies_beyond_the_most_is_one_row():
    raw = batch(*(MESSAGE % (at, '"x"') for at in range(5100)))
    items = CHANNEL.parse(raw, ACCOUNT, NOW)
    assert len(items) == 5001
    assert items[4999].key == "message:m4999"
    assert items[5000].event == Unparsed(error="more than 5000 items")
    assert items[5000].raw == raw


def test_no_more_than_fifty_unknown_fields_are_named():
    extra = {"n" * 5000: 1} | {f"new_{at}": 1 for at in range(200)}
    item = {"sender": {"id": "6100"}, "message": {"mid": "m", "text": "hi"}, **extra}
    [read] = CHANNEL.parse(batch(json.dumps(item)), ACCOUNT, NOW)
    assert len(read.extra) == 50
    assert max(len(name) for name in read.extra) == 80


def test_an_unknown_kind_cannot_write_into_our_keys():
    item = {"sender": {"id": "6100"}, "kind\nof: \ud83d thing" + "x" * 500: {}}
    [read] = CHANNEL.parse(batch(json.dumps(item)), ACCOUNT, NOW)
    assert isinstance(read.event, Unknown)
    assert read.event.what == "kindof:  thing" + "x" * 48
    assert read.address == "user:6100"
