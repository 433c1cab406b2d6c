"""What the audit says about one promise: how much was looked at, and what breaks it."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One promise by its name; `broken` names each row that breaks it."""

    invariant: str
    checked: int
    broken: tuple[str, ...] = ()
