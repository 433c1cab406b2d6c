"""Tables of the shops and of everything that lets them speak with somebody."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from app.db.base import metadata
from app.db.types import Bytes, Id, Json, Name, UtcTime

# `settings` is a `ShopSettings`. `catalog_version` goes up with every write that the dialog sees.
shop = Table(
    "shop",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", Name, nullable=False, unique=True),
    Column("name", Name, nullable=False),
    Column("locale", Name, nullable=False),
    Column("currency", Name, nullable=False),
    Column("country", Name, nullable=False),
    Column("timezone", Name, nullable=False),
    Column("catalog_version", Integer, nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# state: active | needs-reauth | paused (until `paused_until`, or until somebody says so).
# (channel, external_id) alone is unique: it is the address of the webhook.
account = Table(
    "account",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, ForeignKey("shop.id"), nullable=False),
    Column("channel", Name, nullable=False),
    Column("external_id", Name, nullable=False),
    Column("secrets", Bytes, nullable=False),
    Column("secret_names", Json, nullable=False),
    Column("api_url", Text),
    Column("state", Name, nullable=False),
    Column("paused_until", UtcTime),
    Column("last_event_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("channel", "external_id"),
    Index("ix_account_shop", "shop_id", "channel"),
)

# Fingerprints of the platform app's secrets, one row for each that is valid now (two while it is
# being replaced): accounts that share one belong to the same operator-registered app.
account_app = Table(
    "account_app",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("account_id", Id, ForeignKey("account.id"), nullable=False),
    Column("app_key", Name, nullable=False),
    PrimaryKeyConstraint("shop_id", "account_id", "app_key"),
    Index("ix_account_app_key", "app_key"),
)

# The secret itself is shown once and never stored.
api_key = Table(
    "api_key",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, ForeignKey("shop.id"), nullable=False),
    Column("prefix", Name, nullable=False, unique=True),
    Column("secret_hash", Name, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
    Index("ix_api_key_shop", "shop_id", "created_at"),
)
