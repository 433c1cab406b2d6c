"""Collects what each slice says about its own invariants, into one list by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.catalog.checks import checks as catalog
from app.conversations.checks import checks as conversations
from app.core.findings import Finding
from app.db.unit import Unit
from app.engine.contract import Engine
from app.inbox.checks import checks as inbox
from app.journal.checks import checks as journal
from app.members.checks import checks as members
from app.orders.checks import checks as orders
from app.outbox.checks import checks as outbox
from app.payments.checks import checks as payments

# The order in which DESIGN names them; the audit prints every one, also when nothing was there.
INVARIANTS = (
    "inbox-once", "lane-order", "step-atomic", "sent-once", "stock", "money", "one-order",
    "late-payment", "hand-off", "points", "silence",
)  # fmt: skip
SLICES: tuple[Callable[[Unit], Awaitable[list[Finding]]], ...] = (
    inbox, outbox, journal, catalog, members, orders, payments, conversations,
)  # fmt: skip


async def audit(engine: Engine) -> list[Finding]:
    """Every invariant with how many rows were looked at and the ones that break it."""
    found: dict[str, list[Finding]] = {name: [] for name in INVARIANTS}
    async with engine.read() as unit:
        for slice_checks in SLICES:
            for finding in await slice_checks(unit):
                found.setdefault(finding.invariant, []).append(finding)
    return [
        Finding(
            name,
            sum(one.checked for one in parts),
            tuple(line for one in parts for line in one.broken),
        )
        for name, parts in found.items()
    ]
