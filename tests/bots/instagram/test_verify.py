"""What the fixtures cannot say of the handshake and the signature."""

from __future__ import annotations

import msgspec
import pytest

from app.core.ports import Answer, Refused, Request, Verified
from bots.instagram import CHANNEL
from bots.instagram.fake.hooks import escaped, signed
from tests.bots.fixtures import fixtures

ACCOUNT = fixtures("in", "instagram")[0].account
QUERY = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "a b"}


def ask(query: dict[str, str], verify_token: str) -> object:
    secrets = {**ACCOUNT.secrets, "verify_token": verify_token}
    account = msgspec.structs.replace(ACCOUNT, secrets=secrets)
    return CHANNEL.verify(Request("GET", "/", query, {}, b""), account)


@pytest.mark.parametrize("token", ["older", "newer"])
def test_two_verify_tokens_may_hold_while_one_is_changed(token):
    answer = ask({**QUERY, "hub.verify_token": token}, "newer older")
    assert answer == Answer(200, b"1158201444", "text/plain")


def test_all_tokens_together_are_none():
    assert isinstance(ask({**QUERY, "hub.verify_token": "newer older"}, "newer older"), Refused)


def test_without_a_verify_token_nobody_shakes_hands():
    assert isinstance(ask({**QUERY, "hub.verify_token": ""}, ""), Refused)


def test_a_challenge_is_never_markup():
    """It is reflected, so it must not be taken for a page."""
    answer = ask({**QUERY, "hub.challenge": "<script>", "hub.verify_token": "t"}, "t")
    assert isinstance(answer, Answer)
    assert answer.content_type == "text/plain"


def test_a_challenge_that_is_no_text_is_answered_all_the_same():
    answer = ask({**QUERY, "hub.challenge": "1\ud800", "hub.verify_token": "t"}, "t")
    assert answer == Answer(200, b"1?", "text/plain")


def test_the_bytes_are_signed_not_what_they_mean():
    """Meta escapes slashes and everything beyond ASCII; the same JSON written otherwise differs."""
    payload = {"text": "한옥 https://shop.example/😀"}
    raw = escaped(payload)
    assert raw == (b'{"text":"\\ud55c\\uc625 https:\\/\\/shop.example\\/\\ud83d\\ude00"}')
    headers = signed("new-app-secret", raw)
    assert CHANNEL.verify(Request("POST", "/", {}, headers, raw), ACCOUNT) == Verified()
    again = msgspec.json.encode(msgspec.json.decode(raw))
    assert isinstance(CHANNEL.verify(Request("POST", "/", {}, headers, again), ACCOUNT), Refused)
