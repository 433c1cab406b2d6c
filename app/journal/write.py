"""Writing and reading the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import insert, select

from app.db.unit import Unit
from app.journal.models import journal, snapshot


class Entry(msgspec.Struct, frozen=True):
    """One step. `body` is the JSON of what it was given and what it did."""

    shop_id: str
    lane_id: str
    seq: int
    inbox_id: int
    schema: int
    flow: str
    shop_version: int
    scene: str
    body: bytes


async def write(unit: Unit, entries: Sequence[Entry]) -> None:
    """Adds the entries of a batch."""
    if not entries:
        return
    rows: list[dict[str, Any]] = [
        {
            **{name: getattr(entry, name) for name in Entry.__struct_fields__ if name != "body"},
            "at": unit.now,
            "body": unit.vault.seal(
                entry.body, entry.shop_id, "journal", entry.lane_id, str(entry.seq)
            ),
        }
        for entry in entries
    ]
    await unit.run(insert(journal), rows)


async def keep_snapshot(unit: Unit, shop_id: str, version: int, body: bytes) -> None:
    """Keeps the catalogue of that version, once."""
    await unit.insert_once(
        snapshot,
        {"shop_id": shop_id, "version": version, "body": body, "at": unit.now},
        ("shop_id", "version"),
    )


async def entries_of(unit: Unit, shop_id: str, lane_id: str) -> list[Entry]:
    """The whole journal of a conversation, in order, opened."""
    rows = await unit.rows(
        select(journal)
        .where(journal.c.shop_id == shop_id, journal.c.lane_id == lane_id)
        .order_by(journal.c.seq)
    )
    return [
        Entry(
            row.shop_id, row.lane_id, row.seq, row.inbox_id, row.schema, row.flow,
            row.shop_version, row.scene,
            unit.vault.open(row.body, row.shop_id, "journal", row.lane_id, str(row.seq)),
        )
        for row in rows
    ]  # fmt: skip
