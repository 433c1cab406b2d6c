"""What the documents say is there: links, settings, commands, tables, fault points."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from app.db.base import metadata
from app.settings import Settings
from tests.house.source import ROOT, sources

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bots").rglob("*.md"),
     *(ROOT / "app").rglob("*.md")]
)  # fmt: skip
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
ADR_SECTIONS = ["Context", "Decision", "Rejected alternatives", "Consequences"]


def prose(path: Path) -> str:
    """A document without its code blocks."""
    return FENCE.sub("", path.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in re.findall(r"^#+\s+(.+?)\s*$", FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number, unique = 0, name
        while unique in found:
            number += 1
            unique = f"{name}-{number}"
        found.add(unique)
    return found


def broken_links(path: Path, text: str) -> list[str]:
    """Relative links of a document that lead nowhere."""
    complaints = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        where, _, anchor = target.partition("#")
        aim = (path.parent / where).resolve() if where else path
        if not aim.exists():
            complaints.append(f"{path.relative_to(ROOT)}: {target} is not there")
        elif anchor and aim.suffix == ".md" and anchor not in anchors(aim.read_text("utf-8")):
            complaints.append(f"{path.relative_to(ROOT)}: {target} has no such heading")
    return complaints


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    complaints = broken_links(path, prose(path))
    assert not complaints, "\n".join(complaints)


def test_a_dead_link_is_seen(tmp_path):
    page = ROOT / "README.md"
    assert broken_links(page, "[a](LICENSE) [b](https://x.example) [c](docs/adr/README.md)") == []
    assert broken_links(page, "[a](nowhere.md)") == ["README.md: nowhere.md is not there"]
    assert broken_links(page, "[a](docs/operations.md#no-such)") == [
        "README.md: docs/operations.md#no-such has no such heading"
    ]


def test_anchors_are_those_that_github_makes():
    text = "# A `b` & C\n## Twice\n## Twice\n```\n# not one\n```\n### [Link](x.md), here\n"
    assert anchors(text) == {"a-b--c", "twice", "twice-1", "link-here"}


def test_every_setting_is_described():
    rows = re.findall(r"^\| `(DANGOL_\w+)` \| (.+?) \| (.+) \|$", _settings(), re.MULTILINE)
    described = {name: (default, words) for name, default, words in rows if "_TEST_" not in name}
    expected = {}
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else f"`{field.default}`"
        expected[f"DANGOL_{name.upper()}"] = (default, field.description)
    assert described == expected
    assert list(described) == list(expected), "the page keeps the order of app/settings.py"


def _settings() -> str:
    return (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_the_variables_of_the_tests_are_described():
    used = set()
    for source in [*sources("tests"), *sources("app")]:
        used |= set(re.findall(r"DANGOL_TEST_[A-Z_]+[A-Z]", source.text))
    missing = {name for name in used if f"`{name}`" not in _settings()}
    assert not missing


def commands() -> set[str]:
    """Every command and group, as it is typed."""
    from app.cli.root import app  # the whole house: only where it is needed

    def below(command: object, before: str) -> set[str]:
        found = {before}
        for name, inner in getattr(command, "commands", {}).items():
            found |= below(inner, f"{before} {name}")
        return found

    return below(get_command(_typer(app)), "dangol")


def _typer(app: object) -> typer.Typer:
    assert isinstance(app, typer.Typer)
    return app


def test_commands_in_the_documents_exist():
    known = commands()
    complaints = []
    for path in DOCUMENTS:
        for typed in re.findall(r"\bdangol ((?:[a-z]+ ?)+)", _code(path)):
            first, *rest = typed.split()
            whole = f"dangol {first}"
            if rest and any(one.startswith(f"{whole} ") for one in known):
                whole = f"{whole} {rest[0]}"
            if whole not in known:
                complaints.append(f"{path.relative_to(ROOT)}: there is no `{whole}`")
    assert not complaints, "\n".join(complaints)


def test_make_targets_in_the_documents_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    complaints = []
    for path in DOCUMENTS:
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", _code(path), re.MULTILINE):
            if target not in known:
                complaints += [f"{path.relative_to(ROOT)}: there is no `make {target}`"]
    assert not complaints, "\n".join(complaints)


def _code(path: Path) -> str:
    """What a reader would type: code blocks and code in a line."""
    text = path.read_text("utf-8")
    blocks = [found[0] for found in re.finditer(FENCE, text)]
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", FENCE.sub("", text))])


def test_the_readme_shows_both_commands():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "`make demo`" in readme
    assert "`make test`" in readme


def test_every_channel_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8").lower().replace(" ", "")
    plugs = [path.parent.name for path in (ROOT / "bots").glob("*/__init__.py")]
    assert plugs
    assert [name for name in plugs if name not in readme] == []


def test_every_table_is_in_the_architecture():
    for source in sources("app"):
        if source.path.endswith("models.py"):
            import_module(source.path.removesuffix(".py").replace("/", "."))
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    diagrams = "\n".join(re.findall(r"^erDiagram\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    drawn = set(re.findall(r"^\s+(\w+) [|}o]+--[|{o]+ (\w+)", diagrams, re.MULTILINE))
    names = {name for pair in drawn for name in pair}
    assert names == set(metadata.tables)


def test_every_fault_point_is_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    points = set()
    for source in sources("app", "bots"):
        points |= set(re.findall(r'\.reach\(\s*"([\w.]+)"', source.text))
    assert points
    assert [one for one in sorted(points) if f"`{one}`" not in text] == []


def test_every_promise_is_in_the_architecture():
    from app.audit.run import INVARIANTS

    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \| .+ \| `app/", text, re.MULTILINE) == list(INVARIANTS)


def test_files_named_in_the_architecture_exist():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`((?:app|bots|migrations|tests)/[\w/.]+)`", text))
    assert named
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")), ids=lambda path: path.name
)
def test_a_decision_has_its_sections(path):
    text = path.read_text("utf-8")
    number = int(path.name[:4])
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ADR_SECTIONS
    assert len(text.splitlines()) < 60
    assert f"({path.name})" in (path.parent / "README.md").read_text("utf-8")
