"""Tables of payments."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.db.base import metadata
from app.db.indexes import partial_index
from app.db.types import Amount, Id, Json, Name, Serial, UtcTime

_OPEN = "state IN ('created', 'open') AND closing_at IS NULL"

# One try to pay an order. `reference` is ours, unique for ever, and what the provider calls back
# with. state: created | open | captured | failed | expired | review (money came, but not what was
# asked: a person decides). `kept`: this payment is what the order was paid with.
# `captured` and `refunded` count money in the payment's own currency.
payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("provider", Name, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("reference", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("session_id", Name),
    Column("session_url", Text),
    Column("capture_id", Name),
    Column("captured", Amount, nullable=False, server_default="0"),
    Column("refunded", Amount, nullable=False, server_default="0"),
    Column("kept", Boolean, nullable=False, server_default=text("false")),
    Column("reason", Text, nullable=False, server_default=""),
    Column("expires_at", UtcTime, nullable=False),
    Column("closing_at", UtcTime),
    Column("poll_at", UtcTime),
    Column("polls", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "reference"),
    CheckConstraint("0 <= refunded AND refunded <= captured", name="refunded"),
    CheckConstraint("amount > 0", name="amount"),
    partial_index("uq_payment_kept", "shop_id", "order_id", where="kept", unique=True),
    partial_index("uq_payment_open", "shop_id", "order_id", where=_OPEN, unique=True),
    partial_index("ix_payment_poll", "poll_at", where="poll_at IS NOT NULL"),
)

# Money that a provider took, once per capture id, however often it is reported.
# fate: kept (it paid the order) | returned (given back by rule) | review (a person decides).
capture = Table(
    "capture",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("payment_id", Id, nullable=False),
    Column("capture_id", Name, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("fate", Name, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("shop_id", "payment_id", "capture_id"),
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_capture_order", "shop_id", "order_id"),
)

# Append-only: everything a provider said, and what it came to.
payment_report = Table(
    "payment_report",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("payment_id", Id, nullable=False),
    Column("outcome", Name, nullable=False),
    Column("capture_id", Name, nullable=False, server_default=""),
    Column("amount", Amount),
    Column("currency", Name),
    Column("reason", Text, nullable=False, server_default=""),
    Column("effect", Name, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_payment_report_payment", "shop_id", "payment_id", "id"),
)

# `id` is the provider's idempotency key. One per cause: the same reason gives money back once.
# Its state is asked, done or failed.
refund = Table(
    "refund",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("payment_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("cause", Name, nullable=False),
    Column("capture_id", Name, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", Name, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("by", Name, nullable=False),
    Column("provider_ref", Name, nullable=False, server_default=""),
    Column("asked_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("shop_id", "payment_id", "cause"),
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_refund_order", "shop_id", "order_id"),
)

# An order was completed, once for ever: by which payment, and which stores had to be told.
completion = Table(
    "completion",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("payment_id", Id, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("points", Amount),
    Column("targets", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("shop_id", "order_id"),
)

# What a membership store outside was told, once for each (order, store, kind of event).
hand_off = Table(
    "hand_off",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("target", Name, nullable=False),
    Column("event_type", Name, nullable=False),
    Column("event_id", Name, nullable=False),
    Column("outbox_key", Name, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("shop_id", "order_id", "target", "event_type"),
)
