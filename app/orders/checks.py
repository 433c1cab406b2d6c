"""What must hold of orders, for `dangol audit`."""

from __future__ import annotations

from app.core.findings import Finding
from app.core.ordering import MOVES
from app.db.unit import Unit
from app.orders import evidence


async def checks(unit: Unit) -> list[Finding]:
    """Totals are explained, states are where their history leads, and no move was made up."""
    count = await evidence.count_all(unit)
    sums = [
        f"order {one}: total is not the sum of its lines" for one in await evidence.wrong_sums(unit)
    ]
    states = [
        f"order {one}: its history does not lead to its state"
        for one in await evidence.unexplained_states(unit)
    ]
    moves = [
        f"order {row.order_id}: moved from '{row.from_state}' to '{row.to_state}'"
        for row in await evidence.moves(unit)
        if not _legal(row.from_state, row.to_state)
    ]
    return [
        Finding("money", count, tuple(sums)),
        Finding("one-order", count, (*states, *moves)),
    ]


def _legal(before: str, after: str) -> bool:
    if before == "":
        return after == "awaiting_payment"
    return any(after in moves.values() for state, moves in MOVES.items() if state == before)
