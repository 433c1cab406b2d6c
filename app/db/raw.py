"""The insert-once statement in each driver's own words, for the receiver's flush only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]


@lru_cache(maxsize=256)
def sqlite_insert_once(
    table: Table, columns: tuple[str, ...], returning: tuple[str, ...], count: int
) -> str:
    """Multi-row VALUES: SQLite's shortest way; at most 32,766 placeholders."""
    one = "(" + ",".join("?" * len(columns)) + ")"
    return (
        f"INSERT INTO {table.name} ({','.join(columns)}) VALUES {','.join([one] * count)} "  # noqa: S608 - names come from our own tables
        f"ON CONFLICT DO NOTHING RETURNING {','.join(returning)}"
    )


@lru_cache(maxsize=256)
def postgres_insert_once(table: Table, columns: tuple[str, ...], returning: tuple[str, ...]) -> str:
    """One prepared statement whatever the number of rows: an array per column."""
    arrays = ",".join(
        f"${number}::{postgres_type(table, column)}[]" for number, column in enumerate(columns, 1)
    )
    return (
        f"INSERT INTO {table.name} ({','.join(columns)}) SELECT * FROM unnest({arrays}) "  # noqa: S608 - names come from our own tables
        f"ON CONFLICT DO NOTHING RETURNING {','.join(returning)}"
    )


def postgres_type(table: Table, column: str) -> str:
    """PostgreSQL's name of a column's type."""
    return str(table.c[column].type.compile(dialect=_POSTGRES))


def by_column(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """Rows turned into one list per column."""
    return [[row[index] for row in rows] for index in range(width)]
