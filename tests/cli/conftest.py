"""The `dangol` command as it is typed, on a SQLite file of its own."""

from __future__ import annotations

import asyncio
import gc
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from app.cli import main
from app.db.migrate import migrate
from tests.house.source import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "hanok.yaml"


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


Dangol = Callable[..., Done]


@dataclass(frozen=True)
class Home:
    """The folder a command runs in, and the database there."""

    folder: Path
    database: Path

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """A statement by hand, past everything."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement).fetchall()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, made once."""
    path = tmp_path_factory.mktemp("migrated") / "dangol.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def home(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A folder without `.env`, whose database has its tables."""
    database = tmp_path / "dangol.db"
    shutil.copy(migrated, database)
    monkeypatch.chdir(tmp_path)
    for name in ("DANGOL_REDIS_URL", "DANGOL_PUBLIC_URL", "DANGOL_ENVIRONMENT", "DANGOL_FAULTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DANGOL_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("DANGOL_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DANGOL_SECRET_KEY", "a-key-for-tests-" + "x" * 16)
    monkeypatch.setenv("COLUMNS", "200")
    yield Home(tmp_path, database)
    structlog.reset_defaults()
    gc.unfreeze()


@pytest.fixture
def dangol(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Dangol:
    """Runs a command in this process, as the shell would: arguments in, exit code and words out."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["dangol", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Done(code, said.out, said.err)

    return run


@pytest.fixture
def hanok(dangol: Dangol) -> str:
    """The slug of the example shop, applied."""
    assert dangol("shop", "apply", EXAMPLE).code == 0
    return "hanok"
