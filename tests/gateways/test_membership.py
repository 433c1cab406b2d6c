"""The document of docs/membership.md: it fits its schema, and the sample receiver takes it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from app.core.errors import CredentialsBad, TryLater
from app.core.outbound import HandOff
from app.core.ports import Account, NoFaults
from app.edge.http import make_client, perform
from app.engine.contract import Engine
from app.gateways.webhook import GATEWAY
from app.gateways.webhook.limits import RETRIES
from tests.payments.till import Till

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEMA = json.loads((DOCS / "membership.schema.json").read_text("utf-8"))
SECRET = "whsec_" + base64.b64encode(b"a secret for the tests of a store").decode()


def account(url: str, secret: str = SECRET) -> Account:
    return Account("acc_1", "shp_1", "store:webhook", "hanok", {"secret": secret}, url)


async def told(engine: Engine, *, agrees: bool = True) -> list[HandOff]:
    """What the store hears of an order that is paid and refunded."""
    till = await Till.open(engine)
    order_id, payment_id = await till.ready(await till.shopper(agrees=agrees))
    await till.captured(payment_id)
    await till.refund(order_id)
    return [job for job in await till.jobs("hand-off") if isinstance(job, HandOff)]


@pytest.mark.parametrize("agrees", [True, False])
async def test_what_is_told_fits_the_schema(engine: Engine, agrees: bool):
    Draft202012Validator.check_schema(SCHEMA)
    jobs = await told(engine, agrees=agrees)
    assert [job.event_type for job in jobs] == ["order.paid", "order.refunded"]
    for job in jobs:
        Draft202012Validator(SCHEMA).validate(json.loads(job.body))


def example() -> dict[str, Any]:
    text = (DOCS / "membership.md").read_text("utf-8")
    found: dict[str, Any] = json.loads(text.split("```json\n")[1].split("```")[0])
    return found


def test_the_example_in_the_document_fits_the_schema():
    Draft202012Validator(SCHEMA).validate(example())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("type",), "order.lost"),
        (("type",), "order.refunded"),  # without saying what goes back
        (("data", "order", "total", "amount"), 180.5),
        (("data", "order", "total", "currency"), "won"),
        (("data", "order", "lines"), []),
        (("timestamp",), "yesterday"),
    ],
)
def test_the_schema_bites(path: tuple[str, ...], value: object):
    document = example()
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(document)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The sample receiver, running for real: its address and its file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    book = tmp_path / "store.db"
    process = subprocess.Popen(
        [sys.executable, str(DOCS / "examples" / "receiver.py"), str(port)],
        env={**os.environ, "STORE_SECRET": SECRET, "STORE_FILE": str(book)},
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}/", book
    process.terminate()
    process.wait(10)


async def post(job: HandOff, url: str, secret: str = SECRET) -> None:
    """One attempt, made as the worker makes it; waits for the receiver to be up."""
    call = GATEWAY.call(job, account(url, secret), "key", datetime.now(UTC))
    async with make_client() as client:
        for _ in range(100):
            try:
                await client.get(url)
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        await perform(client, call, NoFaults())


async def test_the_sample_receiver_keeps_each_event_once(
    engine: Engine, receiver: tuple[str, Path]
):
    url, book = receiver
    paid, refunded = await told(engine)
    for job in (paid, paid, refunded, paid, refunded):
        await post(job, url)
    with pytest.raises(TryLater, match="401"):
        await post(paid, url, "whsec_" + base64.b64encode(b"somebody else").decode())
    rows = sqlite3.connect(book).execute("SELECT id, points FROM seen ORDER BY id").fetchall()
    assert rows == [(paid.event_id, 180), (refunded.event_id, -180)]


def test_the_sample_receiver_is_forty_lines():
    assert len((DOCS / "examples" / "receiver.py").read_text("utf-8").splitlines()) <= 40


@pytest.mark.parametrize("secret", ["", " ", "whsec_", "whsec_a"])
def test_an_unusable_secret_is_the_merchants_to_mend(secret: str):
    job = HandOff("ord_1.paid", "order.paid", "ord_1", "acc_1", "{}")
    with pytest.raises(CredentialsBad):
        GATEWAY.call(job, account("http://store.test/", secret), "key", datetime.now(UTC))


def test_attempts_last_three_days():
    assert 3 * 86400 < sum(RETRIES) < 3.5 * 86400
