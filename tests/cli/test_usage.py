"""What the command says of itself, and of a mistake."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_asked_nothing_it_says_what_it_is(dangol):
    done = dangol()
    assert done.code == 0
    lines = [line for line in done.out.splitlines() if line.strip()]
    assert len(lines) <= 6
    assert "hashtag comment" in lines[0]
    assert "dangol chat" in done.out


@pytest.mark.parametrize(
    "typed",
    [
        ["nonsense"],
        ["audit", "--nonsense"],
        ["shop", "apply"],
        ["key", "create", "--shop", "hanok"],
        ["serve", "--port", "high"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_two(dangol, typed):
    done = dangol(*typed)
    assert done.code == 2
    assert done.out == ""
    assert done.err


@pytest.mark.parametrize("group", ["shop", "key", "flow"])
def test_a_group_lists_its_commands(dangol, group):
    done = dangol(group, "--help")
    assert done.code == 0
    assert "Usage" in done.out


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DANGOL_PUBLIC_URL", "shop.example", "DANGOL_PUBLIC_URL: "),
        ("DANGOL_RAW_DAYS", "soon", "DANGOL_RAW_DAYS: "),
        ("DANGOL_SECRET_KEY", "short", "DANGOL_SECRET_KEY needs at least"),
        ("DANGOL_DATABASE_URL", "mysql://localhost/x", "DANGOL_DATABASE_URL names mysql"),
        ("DANGOL_DATABASE_URL", "sqlite://", "must be a file"),
    ],
)
def test_a_wrong_setting_is_a_sentence(dangol, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    done = dangol("audit")
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_older_tables_are_refused_with_what_to_do(dangol, monkeypatch, tmp_path):
    monkeypatch.setenv("DANGOL_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    done = dangol("worker")
    assert done.code == 2
    assert "dangol migrate" in done.err


def test_migrating_makes_the_tables(dangol, monkeypatch, tmp_path):
    monkeypatch.setenv("DANGOL_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'empty.db'}")
    assert dangol("migrate").code == 0
    assert dangol("audit").code == 0


def test_it_runs_as_a_module_too(home):
    done = subprocess.run(
        [sys.executable, "-m", "app", "nonsense"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr
