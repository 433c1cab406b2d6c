"""The lock installs the same bytes from anywhere: pins and hashes, and no address."""

from __future__ import annotations

import re

import pytest

from tests.house.source import ROOT

LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]
PIN = re.compile(r"[a-z0-9-]+==[\w.+!]+( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def odd_lines(text: str) -> list[str]:
    """The lines of a lock that are neither a pin nor a hash."""
    return [line for line in text.splitlines() if not (PIN.fullmatch(line) or HASH.fullmatch(line))]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_alone(name):
    text = (ROOT / name).read_text("utf-8")
    assert "==" in text
    assert odd_lines(text) == []


def test_the_image_runs_what_was_tested():
    pins = [set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.M)) for name in LOCKS]
    assert pins[0] | pins[1] <= pins[2]


@pytest.mark.parametrize(
    "line",
    [
        "--find-links https://example.org/wheels",
        "httpx==0.28.1",
        "httpx>=0.28 \\",
        "httpx @ https://example.org/httpx.whl",
        "    # via fastapi",
    ],
)
def test_an_odd_line_is_seen(line):
    assert odd_lines(line) == [line]
