"""Every plug with its fixtures, found on disk: a new platform adds data and no test code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from app.core.ports import Account, Channel, Request

BOTS = Path(__file__).resolve().parents[2] / "bots"
# When every fixture was received.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Fixture:
    """One file of one plug."""

    bot: str
    path: Path

    @cached_property
    def data(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return loaded

    @property
    def channel(self) -> Channel:
        plug: Channel = import_module(f"bots.{self.bot}").CHANNEL
        return plug

    @property
    def account(self) -> Account:
        given = json.loads((BOTS / self.bot / "fixtures" / "account.json").read_text("utf-8"))
        return Account(
            id="acc_1",
            shop_id="shop_1",
            channel=self.bot,
            external_id=given["external_id"],
            secrets=given["secrets"],
            app_accounts=frozenset(given.get("app_accounts", ())),
        )

    @property
    def raw(self) -> bytes:
        """The body as it is posted: `raw` as it stands, or `body` written as compact JSON."""
        return raw_of(self.data)

    @property
    def request(self) -> Request:
        given = self.data.get("request", self.data)
        return Request(
            method=given.get("method", "POST"),
            path=f"/hooks/{self.bot}/{self.account.external_id}",
            query=given.get("query", {}),
            headers=given.get("headers", {}),
            raw=raw_of(given),
        )


def raw_of(given: dict[str, Any]) -> bytes:
    if "raw" in given:
        text: str = given["raw"]
        return text.encode()
    return json.dumps(given["body"], separators=(",", ":")).encode() if "body" in given else b""


def bots() -> list[str]:
    return sorted(path.parent.name for path in BOTS.glob("*/__init__.py"))


def fixtures(kind: str, bot: str = "*") -> list[Fixture]:
    """The fixtures of one kind (`in`, `out`, `verify`) of every plug."""
    found = sorted(BOTS.glob(f"{bot}/fixtures/{kind}/*.json"))
    return [Fixture(path.parents[2].name, path) for path in found]


def each(kind: str) -> pytest.MarkDecorator:
    """Runs a test once for each fixture of that kind, by the name of its file."""
    given = fixtures(kind)
    names = [f"{fixture.bot}-{fixture.path.stem}" for fixture in given]
    return pytest.mark.parametrize("fixture", given, ids=names)
