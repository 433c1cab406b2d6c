"""What every gateway promises, played from the fixtures that lie beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from app.core.errors import DangolError, NeverSend, TryLater
from app.core.inbound import Unparsed
from app.core.outbound import Answered, Call, Job, Response
from app.core.ports import Refused, Request, Verified
from app.gateways.sandbox.protocol import signing_secret
from tests.gateways.fixtures import NOW, Fixture, each, fixtures, names, raw_of

BODY = b'{"id":"evt_1"}'


@pytest.mark.parametrize("name", names())
def test_a_gateway_has_its_members_and_its_fixtures(name):
    gateway = fixtures("out", name)[0].gateway
    assert gateway.name == name
    assert gateway.retries
    assert all(wait > 0 for wait in gateway.retries)
    assert all(fixtures(kind, name) for kind in ("in", "out", "verify"))


@each("in")
def test_a_body_becomes_these_events(fixture: Fixture):
    items = fixture.gateway.parse(fixture.raw, fixture.account, NOW)
    if fixture.data.get("unreadable"):
        [item] = items
        assert isinstance(item.event, Unparsed)
        assert item.key.startswith("raw:")
        return
    shown = []
    for item in items:
        assert item.raw == fixture.raw
        assert item.occurred_at <= NOW
        data = msgspec.to_builtins(msgspec.structs.replace(item, raw=b""))
        data = {name: value for name, value in data.items() if name != "raw"}
        if data["key"].startswith("raw:"):
            data["key"] = "raw:*"
        shown.append({k: v for k, v in data.items() if k != "extra" or v})
    assert json.loads(json.dumps(shown)) == fixture.data["expected"]


def request_of(given: dict[str, Any]) -> Request:
    """The request of a verify fixture, signed now: an old signature is refused for its age."""
    raw = BODY
    headers = dict(given.get("headers", {}))
    if "signed_by" in given:
        at = datetime.now(UTC) - timedelta(seconds=given.get("age", 0))
        webhook = Webhook(signing_secret(given["signed_by"]))
        headers = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": webhook.sign("evt_1", at, raw.decode()),
            **headers,
        }
    if "body_hex" in given:
        raw = bytes.fromhex(given["body_hex"])
    return Request(given.get("method", "POST"), "/hooks", {}, headers, raw)


@each("verify")
def test_a_request_is_judged_so(fixture: Fixture):
    verdict = fixture.gateway.verify(request_of(fixture.data["request"]), fixture.account)
    assert ("verified" if isinstance(verdict, Verified) else "refused") == fixture.data["expected"]


@each("verify")
def test_one_changed_byte_is_forged(fixture: Fixture):
    request = request_of(fixture.data["request"])
    forged = msgspec.structs.replace(request, raw=b"x" + request.raw[1:])
    assert isinstance(fixture.gateway.verify(forged, fixture.account), Refused)


@each("verify")
def test_an_account_without_secrets_trusts_nobody(fixture: Fixture):
    for secrets in ({}, dict.fromkeys(fixture.account.secrets, ""), {"api_key": " "}):
        account = msgspec.structs.replace(fixture.account, secrets=secrets)
        request = request_of(fixture.data["request"])
        assert isinstance(fixture.gateway.verify(request, account), Refused)


def call_of(fixture: Fixture) -> Call:
    job: Job = msgspec.convert(fixture.data["job"], Job)
    return fixture.gateway.call(job, fixture.account, "key", NOW)


@each("out")
def test_a_job_becomes_this_request(fixture: Fixture):
    if "raises" in fixture.data:
        with pytest.raises(NeverSend) as refusal:
            call_of(fixture)
        assert refusal.value.rule == fixture.data["rule"]
        return
    expected = fixture.data["expected"]
    call = call_of(fixture)
    assert (call.method, call.url) == (expected["method"], expected["url"])
    headers = dict(call.headers)
    if expected.get("signed"):
        given = headers.pop("webhook-signature").split()
        secrets = fixture.account.secrets["secret"].split()
        body = call.body.decode()
        assert given == [Webhook(one).sign(headers["webhook-id"], NOW, body) for one in secrets]
    assert headers == expected["headers"]
    assert (json.loads(call.body) if call.body else None) == expected.get("body")
    assert 0 < call.timeout < 30  # shorter than the lease of an outbox row


def read(fixture: Fixture, given: dict[str, Any]) -> Answered | DangolError:
    response = Response(given["status"], given.get("headers", {}), raw_of(given))
    try:
        return call_of(fixture).read(response)
    except DangolError as error:
        return error


@each("out")
def test_an_answer_means_this(fixture: Fixture):
    for case in fixture.data.get("answers", ()):
        got = read(fixture, case["answer"])
        if isinstance(got, Answered):
            assert (got.reference, dict(got.details)) == (case["reference"], case["details"]), case
            continue
        assert type(got).__name__ == case["raises"], case
        if isinstance(got, NeverSend):
            assert got.rule == case["rule"], case
        if isinstance(got, TryLater):
            told = (got.after, got.whole_account)
            assert told == (case.get("after"), case.get("whole_account", False)), case
