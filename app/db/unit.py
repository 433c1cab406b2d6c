"""The unit of work: one transaction, one reading of the clock, and the only commit in the house
beside the engine's flush.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, Table
from sqlalchemy.dialects.postgresql import insert as _insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.ids import Ids
from app.core.ports import Faults, Vault

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Unit:
    """A transaction under way. `now` was read once when it began; `ids` makes its ids; `vault`
    seals what must not lie open.

    Verbs take it as their first parameter and never commit: whoever opened it does, once.
    """

    def __init__(
        self, conn: AsyncConnection, now: datetime, ids: Ids, vault: Vault, faults: Faults
    ) -> None:
        self.conn = conn
        self.now = now
        self.ids = ids
        self.vault = vault
        self.faults = faults
        self.topics: set[str] = set()

    async def rows(self, statement: Executable, params: Params | None = None) -> Sequence[Row[Any]]:
        """All rows of a query or of a statement with RETURNING."""
        return (await self.conn.execute(statement, params)).all()

    async def row(self, statement: Executable, params: Params | None = None) -> Row[Any] | None:
        """The first row, or None."""
        return (await self.conn.execute(statement, params)).first()

    async def only(self, statement: Executable, params: Params | None = None) -> Row[Any]:
        """The one row there must be; raises SQLAlchemy's errors when there is none or more."""
        return (await self.conn.execute(statement, params)).one()

    async def value(self, statement: Executable, params: Params | None = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.conn.execute(statement, params)).scalar()

    async def run(self, statement: Executable, params: Params | None = None) -> int:
        """Runs a write; how many rows it touched (for conditional updates)."""
        result = await self.conn.execute(statement, params)
        return int(getattr(result, "rowcount", 0))

    async def insert_once(
        self,
        table: Table,
        values: Mapping[str, Any],
        keys: Sequence[str],
        returning: Sequence[str] = (),
    ) -> Row[Any] | None:
        """Inserts unless a row with the same `keys` (a unique constraint) is there already.

        The `returning` columns of the new row (its keys when none are named), or None when there
        was one. PostgreSQL's form of the statement also compiles and runs on SQLite; a test on both
        engines keeps watch over that.
        """
        statement = (
            _insert(table)
            .values(**values)
            .on_conflict_do_nothing(index_elements=list(keys))
            .returning(*(table.c[name] for name in returning or keys))
        )
        return await self.row(statement)

    def ring(self, topic: str) -> None:
        """Rings that bell after the commit. Lost rings cost one poll interval, nothing else."""
        self.topics.add(topic)
