"""A module's name says what it holds. A name that could hold anything soon does."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests.house.source import ROOT, sources

BANNED = {
    "common", "helper", "helpers", "manager", "managers", "misc", "service", "services",
    "util", "utils",
}  # fmt: skip
ONLY_AT = {"base": "app/db/base.py"}


def bad_names(path: str) -> list[str]:
    """The complaints about the names of a module and of the folders it lies in."""
    complaints = []
    for name in PurePosixPath(path).with_suffix("").parts:
        if name in BANNED:
            complaints.append(
                f"{path}: '{name}' says nothing; name it after what it holds or does."
            )
        if ONLY_AT.get(name, path) != path:
            complaints.append(f"{path}: only {ONLY_AT[name]} may be called '{name}'.")
    return complaints


def test_names_say_something():
    complaints = [c for s in sources("app", "bots", "tests") for c in bad_names(s.path)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("root", ["app", "bots"])
def test_root_packages_are_empty(root):
    """What stands in them would run before, and be imported by, everything else."""
    assert (ROOT / root / "__init__.py").read_text("utf-8") == ""


@pytest.mark.parametrize(
    "path",
    [
        "app/orders/service.py",
        "app/utils/text.py",
        "bots/common.py",
        "bots/instagram/helpers.py",
        "app/web/misc/x.py",
        "app/inbox/manager.py",
        "app/orders/base.py",
    ],
)
def test_a_bad_name_is_seen(path):
    [complaint] = bad_names(path)
    assert complaint.startswith(path)


@pytest.mark.parametrize("path", ["app/db/base.py", "app/orders/place.py", "app/core/commons.py"])
def test_a_good_name_passes(path):
    assert bad_names(path) == []
