"""The table of moments to come."""

from __future__ import annotations

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table

from app.db.base import metadata
from app.db.indexes import partial_index
from app.db.types import Id, Name, UtcTime

# One row per (address, name); setting it again raises the generation, so that an event of an
# older generation, already on its way, is known to be stale. status: set | fired | cancelled
timer = Table(
    "timer",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("address", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("status", Name, nullable=False),
    PrimaryKeyConstraint("shop_id", "address", "name"),
    partial_index("ix_timer_due", "due_at", where="status = 'set'"),
)
