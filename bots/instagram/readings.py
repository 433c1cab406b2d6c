"""What the readers of this plug hand to each other: where an item lay, and what it is."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.inbound import AnyEvent, Unknown


class Source(msgspec.Struct, frozen=True):
    """The account an item is for, and the item's digest: its name when Meta gives it none."""

    account: str
    digest: str


class Reading(msgspec.Struct, frozen=True):
    """One event; `at` is missing where the item carries no time of its own."""

    key: str
    address: str
    event: AnyEvent
    at: datetime | None = None


def unknown(what: str, source: Source, *, key: str = "", address: str = "") -> Reading:
    """An item that is recorded and has no effect; `what` names its kind."""
    # The name comes from outside and ends up in keys and pages.
    name = "".join(char for char in what[:64] if char.isascii() and char.isprintable()) or "unnamed"
    return Reading(key or f"{name}:{source.digest}", address, Unknown(what=name))
