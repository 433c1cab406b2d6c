"""What may be done in one place only: commit, read the clock, draw chance, name a database.

Each ban says where it does not apply, why, and what to do instead; a test proves that it bites.
Docstrings and comments are prose and never count.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.house.source import Source, sources

Finder = Callable[[Source], Iterator[ast.AST]]


@dataclass(frozen=True)
class Ban:
    """One thing not to be done, and the places (path prefixes) where it may be, each with why."""

    name: str
    find: Finder
    instead: str
    allowed: dict[str, str]
    folders: tuple[str, ...] = ("app", "bots")

    def complaints(self, source: Source) -> list[str]:
        if source.path.startswith(tuple(self.allowed)):
            return []
        lines = sorted({getattr(node, "lineno", 0) for node in self.find(source)})
        return [f"{source.path}:{line}: {self.name}. {self.instead}" for line in lines]


def dotted(node: ast.AST) -> str:
    """`a.b.c` as written, or what can be read of it: `().c` for the attribute of a call."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"


def strings(source: Source) -> Iterator[ast.Constant]:
    """Every string that is not a docstring, the fixed parts of f-strings included."""
    for node in source.nodes:
        match node:
            case ast.Constant(value=str()) if id(node) not in source.docstrings:
                yield node


def texts(source: Source, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[ast.AST]:
    """The strings in which the pattern occurs."""
    wanted = re.compile(pattern, flags)
    return (node for node in strings(source) if wanted.search(str(node.value)))


def words(source: Source, pattern: str) -> Iterator[ast.AST]:
    """The dotted names, imports and keyword arguments that match the whole pattern."""
    wanted = re.compile(pattern)
    for node in source.nodes:
        match node:
            case ast.Name() | ast.Attribute():
                names = [dotted(node)]
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            case ast.keyword():
                names = [f"{node.arg}="]
            case _:
                continue
        if any(wanted.fullmatch(name) for name in names):
            yield node


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the name of what is called."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def commits(source: Source) -> Iterator[ast.AST]:
    yield from (call for call, name in calls(source) if name.split(".")[-1] == "commit")
    yield from texts(source, r"^\s*commit\b\s*;?\s*$", re.IGNORECASE)


def chance(source: Source) -> Iterator[ast.AST]:
    yield from words(source, r"(.*\.)?uuid[14]|random\.(?!Random$)\w+")
    bare = ("random.Random", "Random")
    yield from (call for call, name in calls(source) if name in bare and not call.args)


def clocks(source: Source) -> Iterator[ast.AST]:
    yield from words(source, r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.time(_ns)?")


def sql_clocks(source: Source) -> Iterator[ast.AST]:
    yield from words(source, r"(.*\.)?func\.(now|current_timestamp|clock_timestamp)")
    yield from texts(
        source,
        r"(?<![.\w])(now|clock_timestamp|statement_timestamp)\(\)|current_timestamp|\('now'",
        re.IGNORECASE,
    )


# Lower case on purpose: a sentence for a person may say PostgreSQL.
DIALECT = r"sqlite|postgres|asyncpg"


def dialects(source: Source) -> Iterator[ast.AST]:
    yield from words(source, rf".*({DIALECT}).*|.*\.dialect(\..*)?")
    yield from texts(source, DIALECT)


def broad_excepts(source: Source) -> Iterator[ast.AST]:
    """Handlers and suppressions of everything, but for a handler that ends by raising it on."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type):
            last = node.body[-1]
            if not (isinstance(last, ast.Raise) and last.exc is None):
                yield node
    for call, name in calls(source):
        if name.split(".")[-1] == "suppress" and any(is_broad(arg) for arg in call.args):
            yield call


def is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(is_broad(part) for part in caught.elts)
    return caught is None or dotted(caught) in {"Exception", "BaseException"}


def dynamic_imports(source: Source) -> Iterator[ast.AST]:
    names = {"import_module", "__import__"}
    yield from (call for call, name in calls(source) if name.split(".")[-1] in names)


ENGINE = {"app/engine/": "the engine meets the database and the machine for all others"}

BANS = [
    Ban(
        "a commit",
        commits,
        "Take the unit of work as the first parameter; who opened it commits.",
        ENGINE | {"app/db/unit.py": "the one commit of every step"},
    ),
    Ban(
        "chance that no seed repeats",
        chance,
        "Take ids from app.core.ids, or a seeded random.Random as a parameter.",
        ENGINE | {"app/core/ids.py": "the one source of ids"},
    ),
    Ban(
        "a look at the clock",
        clocks,
        "Take `now` as a parameter; it is read once for each transaction.",
        ENGINE | {"app/core/clock.py": "the port", "app/core/ids.py": "ids sort by time"},
    ),
    Ban(
        "the database's own clock",
        sql_clocks,
        "Bind `now`, so that the simulator and a replay see the same time.",
        ENGINE,
        ("app", "bots", "migrations"),
    ),
    Ban(
        "a database named by kind",
        dialects,
        "Put the portable form in app/db and call that.",
        ENGINE
        | {
            "app/db/": "the portable forms themselves",
            "app/settings.py": "the default address",
        },
    ),
    Ban(
        "everything caught",
        broad_excepts,
        "Catch what can be answered here; the rest is recorded by the worker.",
        {
            "app/worker/": "the loop outlives any handler and records the traceback on the row",
            "app/inbox/": "the parse guard: one bad item must not spoil its batch",
        },
    ),
    Ban(
        "an import that the contracts cannot see",
        dynamic_imports,
        "Import it by name at the top.",
        {"app/bootstrap": "it alone picks parts by name"},
    ),
]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name)
def test_the_house_keeps(ban):
    complaints = [c for source in sources(*ban.folders) for c in ban.complaints(source)]
    assert not complaints, "\n".join(complaints)


BAD = {
    "a commit": [
        "session.commit()",
        "await unit.session.commit()",
        "(await open()).commit()",
        "db.execute('COMMIT')",
    ],
    "chance that no seed repeats": [
        "from uuid import uuid4",
        "x = uuid.uuid4()",
        "from random import choice",
        "x = random.random()",
        "x = random.SystemRandom()",
        "x = random.Random()",
    ],
    "a look at the clock": [
        "x = datetime.now(UTC)",
        "x = datetime.datetime.utcnow()",
        "Field(default_factory=datetime.now)",
        "x = date.today()",
        "x = time.time()",
        "from time import time",
        "from time import time_ns",
    ],
    "the database's own clock": [
        "Column(server_default=func.now())",
        "sqlalchemy.func.current_timestamp()",
        "text('select now()')",
        "x = f'update t set at = NOW() where id = {i}'",
        "text('CURRENT_TIMESTAMP')",
        "text(\"datetime('now')\")",
    ],
    "a database named by kind": [
        "from sqlalchemy.dialects.postgresql import JSONB",
        "import sqlite3",
        "import asyncpg",
        "Index('a', 'b', sqlite_where=x)",
        "if connection.dialect.name == y: pass",
        "if url.startswith('postgresql'): pass",
    ],
    "everything caught": [
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept (ValueError, BaseException) as error: log(error)",
        "try: f()\nexcept: pass",
        "with contextlib.suppress(Exception): f()",
    ],
    "an import that the contracts cannot see": [
        "importlib.import_module('bots.instagram')",
        "__import__('bots')",
    ],
}

GOOD = [
    "def f(unit): '''Who opened it commits: commit()'''",
    "x = random.Random(seed)",
    "def f(chance: random.Random, now: datetime) -> datetime: return now",
    "x = time.monotonic()",
    "x = datetime.fromtimestamp(0, UTC)",
    "x = 'const at = Date.now()'",
    "x = 'PostgreSQL does not answer.'",
    "'''sqlite has now()'''",
    "try: f()\nexcept ValueError: pass",
    "try: f()\nexcept BaseException:\n    undo()\n    raise",
    "with contextlib.suppress(ValueError): f()",
    "committed = commit_size(3)",
]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name)
def test_a_ban_bites(ban):
    assert BAD[ban.name]
    for snippet in BAD[ban.name]:
        [complaint] = ban.complaints(Source("app/orders/place.py", snippet))
        assert complaint.startswith(
            f"app/orders/place.py:{1 + snippet.startswith('try')}: {ban.name}."
        )
        for place in ban.allowed:
            assert ban.complaints(Source(f"{place}x.py", snippet)) == []


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name)
def test_a_ban_spares_what_is_right(ban):
    for snippet in GOOD:
        assert ban.complaints(Source("app/orders/place.py", snippet)) == []
