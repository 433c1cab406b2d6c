"""The tables of conversations: where each chat stands, and the links it gave out."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, text

from app.db.base import metadata
from app.db.types import Bytes, Id, Json, Name, Serial, UtcTime

# `state` is sealed: it may hold what the shopper typed. `window_until` is when the platform stops
# letting us write; `person` says that somebody of the shop answers instead of the bot.
conversation = Table(
    "conversation",
    metadata,
    Column("lane_id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("channel", Name, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("recipient", Name, nullable=False, server_default=""),
    Column("state", Bytes, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("scene", Name, nullable=False),
    Column("person", Boolean, nullable=False, server_default=text("false")),
    Column("reason", Name, nullable=False, server_default=""),
    Column("waiting_since", UtcTime),
    Column("window_until", UtcTime),
    Column("last_in_at", UtcTime),
    Column("changed_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_conversation_shop", "shop_id", "changed_at", "lane_id"),
)

# A link into a chat from outside it: the payment page (bound to a cart version) or the address
# form. `body` is what the page shows, fixed when the link was made.
link = Table(
    "link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("lane_id", Id, nullable=False),
    Column("purpose", Name, nullable=False),
    Column("cart_version", Integer, nullable=False, server_default="0"),
    Column("body", Json, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("voided_at", UtcTime),
    Column("inbox_id", Serial),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_link_lane", "shop_id", "lane_id", "purpose"),
)
