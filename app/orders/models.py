"""Tables of orders."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.db.base import metadata
from app.db.types import Amount, Bytes, Id, Json, Name, Serial, UtcTime

# `lane_id` follows the person when two lanes become one; `cart_lane_id` is where the cart was and
# never changes, so that one version of a cart makes at most one order even after a join.
# `address`, `email` and `phone` are sealed; `address_label` is the masked form, for pages.
shop_order = Table(
    "shop_order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("number", Name, nullable=False),
    Column("lane_id", Id, nullable=False),
    Column("cart_lane_id", Id, nullable=False),
    Column("cart_version", Integer, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("member_id", Id),
    Column("state", Name, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", Amount, nullable=False),
    Column("language", Name, nullable=False),
    Column("provider", Name, nullable=False),
    Column("shipping_id", Id),
    Column("country", String(2), nullable=False, server_default=""),
    Column("address", Bytes),
    Column("address_label", Text, nullable=False, server_default=""),
    Column("email", Bytes),
    Column("phone", Bytes),
    Column("pay_until", UtcTime, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("paid_at", UtcTime),
    UniqueConstraint("shop_id", "number"),
    UniqueConstraint("shop_id", "cart_lane_id", "cart_version"),
    CheckConstraint("total >= 0", name="total"),
    Index("ix_shop_order_lane", "shop_id", "lane_id", "id"),
    Index("ix_shop_order_state", "shop_id", "state", "id"),
    Index("ix_shop_order_member", "shop_id", "member_id", "id"),
)

# kind: item | shipping | discount (its amount is below zero). `words` is the text of the line by
# language, fixed when the order was placed: a product renamed later does not rename history.
order_line = Table(
    "order_line",
    metadata,
    Column("shop_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Name, nullable=False),
    Column("variant_id", Id),
    Column("sku", Name, nullable=False, server_default=""),
    Column("words", Json, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit", Amount, nullable=False),
    Column("amount", Amount, nullable=False),
    PrimaryKeyConstraint("shop_id", "order_id", "position"),
    CheckConstraint("quantity >= 1", name="quantity"),
    CheckConstraint("amount = unit * quantity", name="amount"),
    CheckConstraint("(amount >= 0) = (kind <> 'discount') OR amount = 0", name="sign"),
)

# Append-only: who moved the order where, when and why. The first row comes from nowhere ("").
order_change = Table(
    "order_change",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("shop_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("from_state", Name, nullable=False),
    Column("to_state", Name, nullable=False),
    Column("by", Name, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", UtcTime, nullable=False),
    Index("ix_order_change_order", "shop_id", "order_id", "id"),
)

# A second row of an order is a correction: the newest counts.
fulfilment = Table(
    "fulfilment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("carrier", Name, nullable=False),
    Column("tracking", Name, nullable=False),
    Column("tracking_url", Text),
    Column("by", Name, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "order_id", "carrier", "tracking"),
)

# The count of orders of a shop; its row is the lock that makes numbers follow one another.
order_counter = Table(
    "order_counter",
    metadata,
    Column("shop_id", Id, primary_key=True),
    Column("count", Integer, nullable=False),
)
