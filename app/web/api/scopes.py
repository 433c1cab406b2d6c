"""What an API key may be allowed: an area and whether it reads or changes."""

from __future__ import annotations

from typing import Literal, get_args

from app.merchants.create_key import ALL

Scope = Literal[
    "catalog:read",
    "catalog:write",
    "orders:read",
    "orders:write",
    "conversations:read",
    "conversations:write",
    "members:read",
    "settings:read",
    "settings:write",
    "events:read",
    "events:write",
]
Granted = Literal[Scope, "all"]

SCOPES: tuple[Scope, ...] = get_args(Scope)
GRANTED: tuple[str, ...] = (ALL, *SCOPES)
