"""A membership store posts nothing to us, so there is nothing to read."""

from __future__ import annotations

from datetime import datetime

from app.core.inbound import Item, Unknown
from app.core.ports import Account
from app.edge.codec import digest


def parse(raw: bytes, account: Account, received_at: datetime) -> list[Item]:
    """One `Unknown`, should a body ever get this far."""
    event = Unknown("hand-off target")
    return [Item(f"raw:{digest(raw)}", "", event, received_at, account.external_id, raw)]
