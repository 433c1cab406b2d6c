"""What every channel plug promises, played from the fixtures that lie beside it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from app.core.errors import DangolError, NeverSend, TryLater
from app.core.inbound import Item
from app.core.outbound import (
    Answered,
    Body,
    Call,
    ChannelSend,
    Destination,
    Limits,
    Message,
    Response,
)
from app.core.ports import Answer, Refused, Request, Verified
from tests.bots.fixtures import NOW, Fixture, bots, each, fixtures, raw_of


def shown(item: Item) -> dict[str, Any]:
    """An item as fixtures write it; `raw` is checked apart."""
    data: dict[str, Any] = msgspec.to_builtins(item)
    raw = data.pop("raw")
    assert raw
    return {name: value for name, value in data.items() if name != "extra" or value}


# --- what a plug is -----------------------------------------------------------------------------


@pytest.mark.parametrize("bot", bots())
def test_a_plug_has_its_six_members_and_its_fixtures(bot):
    channel = Fixture(bot, fixtures("in", bot)[0].path).channel
    assert channel.name == bot
    assert isinstance(channel.limits, Limits)
    assert isinstance(channel.shows, frozenset)
    assert all(callable(part) for part in (channel.verify, channel.parse, channel.send))
    assert all(fixtures(kind, bot) for kind in ("in", "out", "verify"))


# --- in -----------------------------------------------------------------------------------------


@each("in")
def test_a_body_becomes_these_events(fixture: Fixture):
    items = fixture.channel.parse(fixture.raw, fixture.account, NOW)
    expected = json.loads(json.dumps(fixture.data["expected"]))
    assert json.loads(json.dumps([shown(item) for item in items])) == expected


@each("in")
def test_an_item_alone_reads_the_same_again(fixture: Fixture):
    """What is kept of an item is enough to parse it after a fix, without its neighbours."""
    for item in fixture.channel.parse(fixture.raw, fixture.account, NOW):
        again = fixture.channel.parse(item.raw, fixture.account, NOW)
        assert [(one.key, one.address, one.event) for one in again if one.key == item.key] == [
            (item.key, item.address, item.event)
        ]


@each("in")
def test_nothing_happens_later_than_it_is_received(fixture: Fixture):
    for item in fixture.channel.parse(fixture.raw, fixture.account, NOW):
        assert item.occurred_at <= NOW
        assert item.occurred_at.tzinfo is not None


@each("in")
def test_keys_are_short_enough_for_an_index(fixture: Fixture):
    for item in fixture.channel.parse(fixture.raw, fixture.account, NOW):
        assert 0 < len(item.key) <= 1100


# --- verify -------------------------------------------------------------------------------------


def answer_of(verdict: Verified | Refused | Answer) -> object:
    if isinstance(verdict, Answer):
        body = verdict.body.decode()
        return {"status": verdict.status, "body": body, "content_type": verdict.content_type}
    return "verified" if isinstance(verdict, Verified) else "refused"


@each("verify")
def test_a_request_is_judged_so(fixture: Fixture):
    verdict = fixture.channel.verify(fixture.request, fixture.account)
    assert answer_of(verdict) == fixture.data["expected"]


def signed_requests() -> list[Fixture]:
    posts = [one for one in fixtures("verify") if one.data["expected"] == "verified"]
    return posts + [one for one in fixtures("in") if "headers" in one.data]


SIGNED = pytest.mark.parametrize(
    "fixture", signed_requests(), ids=lambda fixture: f"{fixture.bot}-{fixture.path.stem}"
)


@SIGNED
def test_what_the_platform_signed_is_verified(fixture: Fixture):
    assert fixture.channel.verify(fixture.request, fixture.account) == Verified()


@SIGNED
def test_one_changed_byte_is_forged(fixture: Fixture):
    request = fixture.request
    for at in {0, len(request.raw) // 2, len(request.raw) - 1}:
        changed = bytearray(request.raw)
        changed[at] ^= 1
        forged = msgspec.structs.replace(request, raw=bytes(changed))
        assert isinstance(fixture.channel.verify(forged, fixture.account), Refused)


@SIGNED
def test_an_account_without_secrets_trusts_nobody(fixture: Fixture):
    for secrets in ({}, dict.fromkeys(fixture.account.secrets, ""), {"app_secret": " "}):
        account = msgspec.structs.replace(fixture.account, secrets=secrets)
        assert isinstance(fixture.channel.verify(fixture.request, account), Refused)


# --- out ----------------------------------------------------------------------------------------


def job_of(data: dict[str, Any]) -> ChannelSend:
    return ChannelSend(
        destination=msgspec.convert(data["destination"], Destination),
        message=msgspec.convert(data["message"], Message),
    )


def told(error: DangolError) -> dict[str, Any]:
    """An error as fixtures write it."""
    data: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, NeverSend):
        data["rule"] = error.rule
    if isinstance(error, TryLater):
        data |= {"whole_account": error.whole_account, "after": error.after}
    return data


def send(fixture: Fixture, **changes: Any) -> Call | Body:
    account = msgspec.structs.replace(fixture.account, **changes)
    return fixture.channel.send(job_of(fixture.data), account, "obx_1")


def call_of(fixture: Fixture) -> Call:
    sent = send(fixture)
    assert isinstance(sent, Call)
    return sent


@each("out")
def test_a_message_becomes_this_request(fixture: Fixture):
    if "raises" in fixture.data:
        with pytest.raises(DangolError) as caught:
            send(fixture)
        assert told(caught.value) == fixture.data["raises"]
        return
    sent = send(fixture)
    if isinstance(sent, Body):
        assert json.loads(sent.body) == fixture.data["expected"]["body"]
        return
    assert {
        "method": sent.method,
        "url": sent.url,
        "headers": dict(sent.headers),
        "body": json.loads(sent.body),
    } == fixture.data["expected"]


@each("out")
def test_an_operator_may_send_it_elsewhere(fixture: Fixture):
    if "raises" in fixture.data or isinstance(send(fixture), Body):
        return  # nothing is called
    call = send(fixture, api_url="http://127.0.0.1:9001/")
    assert isinstance(call, Call)
    assert call.url.startswith("http://127.0.0.1:9001/")
    assert "//" not in call.url.removeprefix("http://")


def answers() -> list[tuple[Fixture, dict[str, Any]]]:
    return [(one, answer) for one in fixtures("out") for answer in one.data.get("answers", ())]


@pytest.mark.parametrize(
    ("fixture", "answer"),
    answers(),
    ids=lambda part: part.path.stem if isinstance(part, Fixture) else None,
)
def test_an_answer_means_this(fixture: Fixture, answer: dict[str, Any]):
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    response = Response(status=answer["status"], headers=headers, body=raw_of(answer))
    if "answered" in answer:
        expected = msgspec.convert(answer["answered"], Answered)
        assert call_of(fixture).read(response) == expected
        return
    with pytest.raises(DangolError) as caught:
        call_of(fixture).read(response)
    assert told(caught.value) == answer["raises"]
    assert "secretsecret" not in caught.value.text


@pytest.mark.parametrize("bot", bots())
def test_every_kind_of_failure_has_an_answer_in_the_fixtures(bot):
    found = {answer["raises"]["error"] for one, answer in answers() if "raises" in answer}
    assert found >= {"TryLater", "NeverSend", "RecipientGone", "CredentialsBad"}


@pytest.mark.parametrize("bot", bots())
def test_a_text_of_ten_thousand_characters_fits(bot):
    """Core splits what it says; what is still too long is cut, never refused for its length."""
    fixture = fixtures("out", bot)[0]
    limits = fixture.channel.limits
    job = ChannelSend(Destination("chat", recipient="6100"), Message("가나다라 " * 2000))
    sent = fixture.channel.send(job, fixture.account, "obx_1")
    most = limits.text if limits.text_unit == "bytes" else limits.text * 4
    assert len(sent.body) < most + 500


# --- whatever comes -----------------------------------------------------------------------------


HOSTILE = {
    "nothing": b"",
    "not JSON": b"hello",
    "not UTF-8": b'{"object":"\xff\xfe"}',
    "null": b"null",
    "a number": b"7",
    "cut short": b'{"object":"instagram","entry":[{"id":"1',
    "very deep": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"entry":' * 50_000 + b"1" + b"}" * 50_000,
    "a huge number": b'{"entry":[{"id":' + b"9" * 100_000 + b"}]}",
    "NUL": b'{"entry":[{"id":"\\u0000"}]}',
    "many entries": b'{"entry":[' + b",".join([b"{}"] * 300_000) + b"]}",
    "many commas": b"[" + b"," * 1_000_000 + b"]",
    "many quotes": b'{"entry":[' + b'"' * 500_000 + b"]}",
    "many backslashes": b'{"entry":["' + b"\\" * 1_000_001 + b'"]}',
}


@pytest.mark.parametrize("bot", bots())
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_become_rows_without_effect(bot, name):
    fixture = fixtures("in", bot)[0]
    items = fixture.channel.parse(HOSTILE[name], fixture.account, NOW)
    assert items
    assert {item.address for item in items} == {""}
    assert len(items) <= 5001


def test_hostile_headers_are_refused():
    for fixture in signed_requests():
        for value in ("", "sha256=", "sha256=" + "é" * 64, "\ud800", "sha256=" + "0" * 100_000):
            headers = dict.fromkeys(fixture.request.headers, value)
            request = replace_headers(fixture.request, headers)
            assert isinstance(fixture.channel.verify(request, fixture.account), Refused)


def replace_headers(request: Request, headers: dict[str, str]) -> Request:
    return msgspec.structs.replace(request, headers=headers)
