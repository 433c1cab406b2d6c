"""The table of requests that must not take effect twice."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from app.db.base import metadata
from app.db.types import Bytes, Id, Json, Name, Serial, UtcTime

# `fingerprint` is of the whole request; `token` names the one attempt that may answer until
# `lease_until`. `status` is null while that is under way. `body` is sealed: an answer may show a
# new API key.
idempotent_request = Table(
    "idempotent_request",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("key_id", Id, nullable=False),
    Column("key", Name, nullable=False),
    Column("fingerprint", Name, nullable=False),
    Column("token", Name, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", Bytes),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "key_id", "key"),
    Index("ix_idempotent_request_age", "shop_id", "created_at"),
)
