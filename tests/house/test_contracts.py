"""What the import contracts cannot say: the core may use only what is listed here."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.source import ROOT, Source, sources

CORE_MAY_USE = {
    "app",
    "babel",
    "msgspec",
    "phonenumbers",
}  # of app, the contracts let it see core alone

# Parts of the standard library that reach out of the process, or wait.
WORLDLY = {
    "asyncio", "http", "multiprocessing", "os", "select", "shutil", "signal", "socket", "sqlite3",
    "ssl", "subprocess", "tempfile", "threading",
}  # fmt: skip


def imported(source: Source) -> set[str]:
    """The top-level names of all that a file imports."""
    names = set()
    for node in source.nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def foreign(source: Source) -> list[str]:
    """The complaints about what a file of the core imports and may not."""
    allowed = (sys.stdlib_module_names | CORE_MAY_USE) - WORLDLY
    return [
        f"{source.path}: imports {name}; the core is pure, so take it as a parameter or a port."
        for name in sorted(imported(source) - allowed)
    ]


def test_the_core_is_pure():
    complaints = [c for source in sources("app/core") for c in foreign(source)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", ["httpx", "yaml", "asyncio", "os", "bots"])
def test_an_impure_import_is_seen(name):
    for line in (f"import {name}", f"from {name} import x", f"import {name}.y"):
        assert len(foreign(Source("app/core/x.py", line))) == 1


def test_a_pure_import_passes():
    lines = (
        "import re\nfrom app.core import money\nimport phonenumbers\nfrom babel.numbers import x"
    )
    assert foreign(Source("app/core/x.py", lines)) == []


def test_the_contract_of_the_core_names_all_that_we_install():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [core] = [c for c in contracts if c["name"] == "Core stands on nothing"]
    named = [re.match(r"[\w.-]+", line) for line in project["project"]["dependencies"]]
    installed = {plain(match.group()) for match in named if match}
    modules = {
        module
        for module, packages in packages_distributions().items()
        if installed & {plain(package) for package in packages} and not module.startswith("_")
    }
    missing = modules - set(core["forbidden_modules"]) - CORE_MAY_USE
    assert not missing, f"Add to the contract 'Core stands on nothing': {sorted(missing)}"


def plain(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
