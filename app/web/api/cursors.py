"""Where a list goes on: opaque, signed, and good for that shop's list alone."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Query

from app.core.errors import Rejected
from app.core.ports import Vault

Position = list[str | int]
MOST = 200

Limit = Annotated[
    int, Query(ge=1, le=MOST, description="How many items an answer holds at most.", examples=[50])
]
Cursor = Annotated[
    str | None,
    Query(
        max_length=500,
        description="`next_cursor` of the answer before, to go on after it.",
        examples=["WyJwcmRfMDFLOTJKIl0.c2lnbmF0dXJl"],
    ),
]


def sign_position(vault: Vault, shop_id: str, listed: str, position: Position) -> str:
    """The cursor of this position in that list."""
    return vault.sign(f"cursor {listed} {shop_id}", msgspec.json.encode(position).decode())


def read_position(vault: Vault, shop_id: str, listed: str, cursor: str | None) -> Position | None:
    """The position of a cursor; raises `Rejected` when it is not one of that list."""
    if cursor is None:
        return None
    text = vault.unsign(f"cursor {listed} {shop_id}", cursor)
    if text is None:
        raise Rejected("This cursor does not belong to this list. Start again without one.",
                       code="cursor")  # fmt: skip
    return msgspec.json.decode(text, type=Position)
