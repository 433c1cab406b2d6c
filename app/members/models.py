"""Tables of people, of what they agreed to, and of their points."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from app.db.base import metadata
from app.db.types import Amount, Bytes, Id, Name, Serial, UtcTime

# A person to the shop, whatever channels they come by. `spent` is lifetime spending in minor units;
# the tier follows from it and the shop's present rules, so it is not stored.
member = Table(
    "member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("spent", Amount, nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Column("joined_into", Id),
    CheckConstraint("spent >= 0", name="spent"),
    Index("ix_member_shop", "shop_id", "joined_at"),
)

# A verified phone or e-mail, as a fingerprint: it belongs to one member of a shop.
member_point = Table(
    "member_point",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("kind", Name, nullable=False),
    Column("fingerprint", Name, nullable=False),
    Column("member_id", Id, ForeignKey("member.id"), nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("how", Name, nullable=False),
    Column("verified_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "kind", "fingerprint"),
    Index("ix_member_point_member", "shop_id", "member_id"),
)

# A person on one channel. `data_key` is sealed by the shop's vault and seals whatever is personal;
# without it (erased) the rest cannot be read any more.
contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("lane_id", Id, nullable=False),
    Column("channel", Name, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("external_id", Name, nullable=False),
    Column("data_key", Bytes),
    Column("name", Bytes),
    Column("handle", Name, nullable=False),
    Column("language", Name),
    Column("member_id", Id, ForeignKey("member.id")),
    Column("opted_out_at", UtcTime),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
    UniqueConstraint("shop_id", "channel", "account_id", "external_id"),
    Index("ix_contact_lane", "shop_id", "lane_id"),
    Index("ix_contact_member", "shop_id", "member_id"),
)

# `data` is the address and the e-mail, sealed under the contact's key; `label` is safe to show.
saved_address = Table(
    "saved_address",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("fingerprint", Name, nullable=False),
    Column("data", Bytes, nullable=False),
    Column("label", Name, nullable=False),
    Column("country", Name, nullable=False),
    Column("used_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "contact_id", "fingerprint"),
)

# Append-only: the newest line of a purpose is what holds.
consent = Table(
    "consent",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("purpose", Name, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("source", Name, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_consent_contact", "shop_id", "contact_id", "purpose", "id"),
)

# --- the ledger of points: every transaction's entries sum to zero --------------------------------

# side: `member` (never below zero) or `owed` (never above: what a refund could not take back).
# The shop's side has no row here: it would be one hot row, and is the sum of its entries.
points_account = Table(
    "points_account",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("side", Name, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("balance", Amount, nullable=False),
    PrimaryKeyConstraint("shop_id", "side", "member_id"),
    CheckConstraint("side <> 'member' OR balance >= 0", name="member_balance"),
    CheckConstraint("side <> 'owed' OR balance <= 0", name="owed_balance"),
)

# kind: earn | take-back (once per order each) | join (its `order_id` is the member that went up in
# the other). `spent` is what it did to lifetime spending.
points_transaction = Table(
    "points_transaction",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("kind", Name, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("points", Amount, nullable=False),
    Column("spent", Amount, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "kind", "order_id"),
    Index("ix_points_transaction_member", "shop_id", "member_id", "at"),
)

# side: member | owed | shop (then `member_id` is empty).
points_entry = Table(
    "points_entry",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("transaction_id", Id, ForeignKey("points_transaction.id"), nullable=False),
    Column("side", Name, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("amount", Amount, nullable=False),
    Index("ix_points_entry_transaction", "shop_id", "transaction_id"),
    Index("ix_points_entry_account", "shop_id", "side", "member_id"),
)
