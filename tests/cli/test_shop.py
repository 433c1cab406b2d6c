"""A shop as a file, and the keys of its API."""

from __future__ import annotations

import asyncio
import re

import yaml

from app.bootstrap import build
from app.merchants.create_key import KeyHolder, check_key
from app.settings import Settings
from tests.cli.conftest import EXAMPLE

SECRETS = ("demo-app-secret-0001", "demo-access-token", "demo-session-secret-0001")


def test_applied_and_exported_it_is_the_same_shop(dangol, hanok, home):
    exported = dangol("shop", "export", hanok)
    assert exported.code == 0
    given, written = yaml.safe_load(EXAMPLE.read_text("utf-8")), yaml.safe_load(exported.out)
    assert written["shop"]["name"] == given["shop"]["name"]
    assert [each["slug"] for each in written["products"]] == [
        each["slug"] for each in given["products"]
    ]
    kept = home.folder / "kept.yaml"
    kept.write_text(exported.out, "utf-8")
    before = home.sql("SELECT catalog_version FROM shop")
    assert dangol("shop", "apply", kept).code == 0
    assert dangol("shop", "export", hanok).out == exported.out
    assert home.sql("SELECT catalog_version FROM shop") == before


def test_applied_again_nothing_changes(dangol, hanok, home):
    tables = ("shop", "account", "product", "variant", "campaign", "stock_movement")
    before = {name: home.sql(f"SELECT * FROM {name}") for name in tables}  # noqa: S608
    assert all(before.values())
    assert dangol("shop", "apply", EXAMPLE).code == 0
    assert {name: home.sql(f"SELECT * FROM {name}") for name in tables} == before  # noqa: S608


def test_secrets_are_never_written_out(dangol, hanok, home):
    exported = dangol("shop", "export", hanok)
    assert "${" in exported.out
    for secret in SECRETS:
        assert secret not in exported.out
        assert secret.encode() not in home.database.read_bytes()


def test_a_bad_file_says_where_and_what(dangol, home):
    data = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    data["products"][0]["variants"][0]["price"] = -1
    data["shop"]["timezone"] = "Moon/Crater"
    bad = home.folder / "bad.yaml"
    bad.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    done = dangol("shop", "apply", bad)
    assert done.code == 2
    assert "shop.timezone" in done.err
    assert "products[0]" in done.err
    assert home.sql("SELECT * FROM shop") == []


def test_a_file_that_is_no_shop_is_a_sentence(dangol, home):
    broken = home.folder / "broken.yaml"
    broken.write_text("shop: [", "utf-8")
    assert "is not YAML" in dangol("shop", "apply", broken).err
    missing = dangol("shop", "apply", home.folder / "missing.yaml")
    assert missing.code == 2
    assert "cannot be read" in missing.err


def test_an_unknown_shop_is_a_sentence(dangol):
    for typed in (["shop", "export", "nowhere"], ["key", "create", "--shop", "nowhere",
                                                  "--scope", "all"]):  # fmt: skip
        done = dangol(*typed)
        assert done.code == 2
        assert done.out == ""
        assert "nowhere" in done.err


def test_a_key_stands_alone_on_standard_output(dangol, hanok, home):
    done = dangol("key", "create", "--shop", hanok, "--scope", "all")
    assert done.code == 0
    assert re.fullmatch(r"dgl_\w+\n", done.out)
    assert done.err == ""
    key = done.out.strip()
    assert key.encode() not in home.database.read_bytes()
    holder = asyncio.run(_holder(key))
    assert holder is not None
    assert holder.may("anything")
    assert dangol("key", "create", "--shop", hanok, "--scope", "all").out != done.out


async def _holder(key: str) -> KeyHolder | None:
    dangol = build(Settings())
    try:
        async with dangol.engine.read() as unit:
            return await check_key(unit, key)
    finally:
        await dangol.close()
