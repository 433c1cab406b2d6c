"""Every gateway with its fixtures, found on disk: a new provider adds data and no test code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from app.core.ports import Account, Gateway

GATEWAYS = Path(__file__).resolve().parents[2] / "app" / "gateways"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # when every fixture was received


@dataclass(frozen=True)
class Fixture:
    """One file of one gateway."""

    name: str
    path: Path

    @cached_property
    def data(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return loaded

    @property
    def gateway(self) -> Gateway:
        plug: Gateway = import_module(f"app.gateways.{self.name}").GATEWAY
        return plug

    @property
    def account(self) -> Account:
        path = GATEWAYS / self.name / "fixtures" / "account.json"
        given = json.loads(path.read_text("utf-8"))
        return Account(
            id="acc_1",
            shop_id="shp_1",
            channel=self.name,
            external_id=given["external_id"],
            secrets=given["secrets"],
            api_url=given["api_url"],
        )

    @property
    def raw(self) -> bytes:
        return raw_of(self.data)


def raw_of(given: dict[str, Any]) -> bytes:
    if "raw" in given:
        text: str = given["raw"]
        return text.encode()
    return json.dumps(given["body"], separators=(",", ":")).encode()


def names() -> list[str]:
    return sorted(path.parent.name for path in GATEWAYS.glob("*/__init__.py"))


def fixtures(kind: str, name: str = "*") -> list[Fixture]:
    """The fixtures of one kind (`in`, `out`, `verify`)."""
    found = sorted(GATEWAYS.glob(f"{name}/fixtures/{kind}/*.json"))
    return [Fixture(path.parents[2].name, path) for path in found]


def each(kind: str) -> pytest.MarkDecorator:
    """Runs a test once for each fixture of that kind, by the name of its file."""
    given = fixtures(kind)
    named = [f"{fixture.name}-{fixture.path.stem}" for fixture in given]
    return pytest.mark.parametrize("fixture", given, ids=named)
