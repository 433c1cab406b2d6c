"""Stopping and starting what is sent through an account, and noting that it is alive."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.core.errors import NotFound
from app.db.unit import Unit
from app.merchants import store

State = Literal["active", "needs-reauth", "paused"]


async def pause_account(
    unit: Unit, account_id: str, state: State, until: datetime | None = None
) -> None:
    """Sets the account's state; `until` ends a pause by itself, without it somebody has to."""
    values = {"state": state, "paused_until": until if state == "paused" else None}
    if await store.update_account(unit, account_id, values) == 0:
        raise NotFound("There is no such account.")


async def touch_account(unit: Unit, account_id: str) -> None:
    """Something came from this account; noted once a minute at most."""
    await store.touch_account(unit, account_id)
