"""The table of the way out."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, text

from app.db.base import metadata
from app.db.indexes import partial_index
from app.db.types import Bytes, Id, Json, Name, Serial, UtcTime

OPEN = ("queued", "sending", "waiting")

# status: queued | sending (leased) | waiting (outcome unknown, an echo may settle it) |
# sent | unknown | refused (a rule, named) | dead | expired | dropped (its reason fell away).
outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("stream", Name, nullable=False),
    Column("channel", Name, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("key", Name, nullable=False),
    Column("lane_id", Id),
    Column("job", Bytes, nullable=False),
    Column("purpose", Name, nullable=False, server_default=""),
    Column("status", Name, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("next_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("depends_on", Name),  # key of the row that must have been sent before
    Column("reported", Boolean, nullable=False, server_default=text("false")),
    Column("reference", Name),
    Column("answer", Json),
    Column("rule", Name),
    Column("error", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("shop_id", "key"),
    partial_index(
        "ix_outbox_open", "stream", "id", where="status IN ('queued', 'sending', 'waiting')"
    ),
    Index("ix_outbox_lane", "shop_id", "lane_id", "id"),
    Index("ix_outbox_reference", "shop_id", "reference"),
)
