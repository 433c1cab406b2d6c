"""Tables of the way in: what came, who it belongs to, and whose turn it is."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from app.db.base import metadata
from app.db.indexes import partial_index
from app.db.types import Bytes, Id, Json, Name, Serial, UtcTime

# Outlives archived inbox rows, so that a late repeat is still a repeat.
inbox_key = Table(
    "inbox_key",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("channel", Name, nullable=False),
    Column("account", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("shop_id", "channel", "account", "key"),
)

# status: new | done | parked | ignored (recorded, without effect) | unmatched (a payment nobody
# knows yet). `note` says why an ignored or parked row has no effect; `outcome` is the answer for
# the request that waits for it.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("channel", Name, nullable=False),
    Column("account", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("address", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("event", Bytes, nullable=False),
    Column("raw", Bytes),
    Column("extra", Text, nullable=False, server_default=""),
    Column("occurred_at", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("status", Name, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("attempted_at", UtcTime),
    Column("note", Text, nullable=False, server_default=""),
    Column("lane_id", Id),
    Column("outcome", Json),
    Column("done_at", UtcTime),
    partial_index("ix_inbox_due", "shop_id", "address", where="status = 'new'"),
    partial_index("ix_inbox_raw", "received_at", where="raw IS NOT NULL"),
    Index("ix_inbox_address", "shop_id", "address", "id"),
    Index("ix_inbox_key", "shop_id", "channel", "account", "key"),
)

# A lane is one person's queue: its row is the lock that makes steps happen one at a time.
lane = Table(
    "lane",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("token", Name, nullable=False, unique=True),
    Column("retry_at", UtcTime, nullable=False),
    Column("joined_into", Id),
    Column("created_at", UtcTime, nullable=False),
)

# Which lane an address belongs to; joining two people's addresses repoints the alias.
alias = Table(
    "alias",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("address", Name, nullable=False),
    Column("lane_id", Id, nullable=False),
    PrimaryKeyConstraint("shop_id", "address"),
    Index("ix_alias_lane", "shop_id", "lane_id"),
)
