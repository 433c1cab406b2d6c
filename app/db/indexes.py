"""Partial indexes, said once for every database."""

from __future__ import annotations

from sqlalchemy import Column, Index, text


def partial_index(
    name: str, *columns: str | Column[object], where: str, unique: bool = False
) -> Index:
    """An index over the rows for which `where` holds."""
    clause = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=clause, postgresql_where=clause)
