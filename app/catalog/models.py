"""Tables of what is sold and of the pieces on the shelf."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from app.db.base import metadata
from app.db.indexes import partial_index
from app.db.types import Amount, Id, Json, Name, Serial, UtcTime

# `title`, `description`: language -> words. `options`: a list of `facts.Option`. What is taken off
# sale stays as an inactive row, since orders and holds go on naming it.
product = Table(
    "product",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("slug", Name, nullable=False),
    Column("title", Json, nullable=False),
    Column("description", Json, nullable=False),
    Column("image", Text),
    Column("options", Json, nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "slug"),
)

# The CHECK is the last word on overselling, whatever the statements above it do.
variant = Table(
    "variant",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("product_id", Id, ForeignKey("product.id"), nullable=False),
    Column("sku", Name, nullable=False),
    Column("option_values", Json, nullable=False),
    Column("price", Amount, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("on_hand", Amount, nullable=False),
    Column("held", Amount, nullable=False),
    UniqueConstraint("shop_id", "sku"),
    CheckConstraint("held >= 0 AND on_hand >= held", name="stock"),
    CheckConstraint("price >= 0", name="price"),
    Index("ix_variant_product", "shop_id", "product_id"),
)

# Append-only: what is on hand is the sum of a variant's movements.
# reason: opening | counted | received | sold | returned | … (a merchant's own word).
stock_movement = Table(
    "stock_movement",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("variant_id", Id, ForeignKey("variant.id"), nullable=False),
    Column("delta", Amount, nullable=False),
    Column("reason", Name, nullable=False),
    Column("actor", Name, nullable=False),
    Column("order_id", Id),
    Column("at", UtcTime, nullable=False),
    Index("ix_stock_movement_variant", "shop_id", "variant_id", "id"),
    Index("ix_stock_movement_order", "shop_id", "order_id"),
    # An order takes its pieces from the shelf once, however often its payment is reported.
    partial_index(
        "uq_stock_movement_sold",
        "shop_id",
        "order_id",
        "variant_id",
        where="reason = 'sold'",
        unique=True,
    ),
)

campaign = Table(
    "campaign",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("slug", Name, nullable=False),
    Column("hashtag", Name, nullable=False),
    Column("product_ids", Json, nullable=False),
    Column("starts", UtcTime),
    Column("ends", UtcTime),
    Column("public_reply", Json, nullable=False),
    Column("express", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "slug"),
)

# Pieces kept for a lane (`order_id` null: its cart) or for an order of it.
# status: live | released | consumed (they left the shelf).
hold = Table(
    "hold",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("lane_id", Id, nullable=False),
    Column("order_id", Id),
    Column("variant_id", Id, ForeignKey("variant.id"), nullable=False),
    Column("quantity", Amount, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("status", Name, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    CheckConstraint("quantity > 0", name="quantity"),
    # One live hold per lane and variant in the cart, one per order and variant: a shopper with an
    # unpaid order may fill a new cart with the same thing.
    partial_index(
        "uq_hold_cart",
        "shop_id",
        "lane_id",
        "variant_id",
        where="status = 'live' AND order_id IS NULL",
        unique=True,
    ),
    partial_index(
        "uq_hold_order",
        "shop_id",
        "order_id",
        "variant_id",
        where="status = 'live' AND order_id IS NOT NULL",
        unique=True,
    ),
    partial_index("ix_hold_due", "expires_at", where="status = 'live'"),
    Index("ix_hold_lane", "shop_id", "lane_id"),
)
