"""What must hold of the shelf at every commit."""

from __future__ import annotations

from app.catalog.store import evidence
from app.core.findings import Finding
from app.db.unit import Unit


async def checks(unit: Unit) -> list[Finding]:
    """`stock`: on hand ≥ held ≥ 0; held is what live holds keep; on hand is what the book says; no
    order took more than it was given, or less than nothing.
    """
    broken = [
        f"variant {row.id} ({row.sku}) of {row.shop_id}: on hand {row.on_hand}, held {row.held}; "
        f"live holds keep {row.kept}, the book says {row.booked}"
        for row in await evidence.wrong_variants(unit)
    ]
    broken += [
        f"order {row.order_id} of {row.shop_id}: {-row.taken} more of variant {row.variant_id} "
        "came back than it took"
        for row in await evidence.overreturned(unit)
    ]
    return [Finding("stock", await evidence.count_variants(unit), tuple(broken))]
