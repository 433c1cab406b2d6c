"""The composition root: settings in, a whole house out. The only file that names bots and gateways."""

from __future__ import annotations

from importlib import import_module

SLICES = (
    "inbox", "outbox", "timers", "journal", "merchants", "catalog", "members", "orders",
    "payments", "conversations",
)


def load_tables() -> None:
    """Brings every slice's tables into the one metadata."""
    for name in SLICES:
        import_module(f"app.{name}.models")
