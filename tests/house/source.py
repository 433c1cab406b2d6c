"""What the house tests read: the project's own Python files, parsed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the root, with forward slashes, and its text."""

    path: str
    text: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text, self.path)))

    @cached_property
    def docstrings(self) -> set[int]:
        """The ids of the nodes that are docstrings: prose, to which no ban applies."""
        owners = (
            n for n in self.nodes if isinstance(n, Function | ast.ClassDef | ast.Module) and n.body
        )
        firsts = (owner.body[0] for owner in owners)
        return {
            id(first.value)
            for first in firsts
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        }


def sources(*folders: str) -> list[Source]:
    """Every Python file in these folders of the project, in order of path."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Source(p.relative_to(ROOT).as_posix(), p.read_text("utf-8")) for p in paths]
