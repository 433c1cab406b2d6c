"""What is free to be kept for somebody now."""

from __future__ import annotations

from collections.abc import Collection

from app.catalog.store import stock
from app.db.unit import Unit


async def free_stock(unit: Unit, shop_id: str, product_ids: Collection[str]) -> dict[str, int]:
    """What may be kept of each variant of these products; those off sale are missing."""
    if not product_ids:
        return {}
    return await stock.free_of_products(unit, shop_id, product_ids)
