"""What must hold of the ledger of points at every commit."""

from __future__ import annotations

from app.core.findings import Finding
from app.db.unit import Unit
from app.members.store import evidence


async def checks(unit: Unit) -> list[Finding]:
    """`points`: entries of a transaction sum to zero; balances are what the entries say, no
    member's is below zero; lifetime spending is what the transactions say.
    """
    broken = [
        f"transaction {row.id} of {row.shop_id}: its entries sum to {row.total}"
        for row in await evidence.unbalanced(unit)
    ]
    broken += [
        f"points account {row.side}:{row.member_id} of {row.shop_id}: balance {row.balance}, "
        f"its entries say {row.booked}"
        for row in await evidence.wrong_balances(unit)
    ]
    broken += [
        f"member {row.id} of {row.shop_id}: spent {row.spent}, the transactions say {row.booked}"
        for row in await evidence.wrong_spending(unit)
    ]
    return [Finding("points", await evidence.count_transactions(unit), tuple(broken))]
