"""The tables of the journal."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

from app.db.base import metadata
from app.db.types import Bytes, Id, Name, Serial, UtcTime

# `body` holds, sealed: events, facts, wants with results, state before and after.
journal = Table(
    "journal",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("lane_id", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("inbox_id", Serial, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("flow", Name, nullable=False),
    Column("shop_version", Integer, nullable=False),
    Column("scene", Name, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Bytes, nullable=False),
    UniqueConstraint("shop_id", "lane_id", "seq"),
    Index("ix_journal_at", "at"),
    Index("ix_journal_inbox", "shop_id", "inbox_id"),
)

# The catalogue as a step saw it, once per version, so that journal rows need not repeat it.
snapshot = Table(
    "snapshot",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Bytes, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("shop_id", "version"),
)
