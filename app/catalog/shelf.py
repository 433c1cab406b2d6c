"""Changing several variants at once: all of them, in the order of their ids, or none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row

from app.catalog.store import stock
from app.core.errors import Broken, Rejected
from app.db.unit import Unit

Lines = Iterable[tuple[str, int]]  # (variant id, quantity)


class Change(msgspec.Struct, frozen=True):
    """By how much a variant's two numbers change."""

    on_hand: int
    held: int

    def __bool__(self) -> bool:
        return self.on_hand != 0 or self.held != 0

    def back(self) -> Change:
        """What undoes it."""
        return Change(-self.on_hand, -self.held)


def counted(lines: Lines) -> Counter[str]:
    """Pieces by variant; raises `Rejected` for less than one piece of anything."""
    wanted: Counter[str] = Counter()
    for variant_id, quantity in lines:
        if quantity < 1:
            raise Rejected("A line needs at least one piece.", code="quantity")
        wanted[variant_id] += quantity
    return wanted


def kept(holds: Iterable[Row[Any]]) -> Counter[str]:
    """Pieces by variant in these holds."""
    sums: Counter[str] = Counter()
    for row in holds:
        sums[row.variant_id] += row.quantity
    return sums


async def shift_all(
    unit: Unit, shop_id: str, changes: Mapping[str, Change], *, on_sale: bool = False
) -> list[str]:
    """Makes all changes, or none; the variants that fell short.

    With `on_sale`, nothing more is kept of a variant that was taken off sale.
    """
    done, short = [], []
    for variant_id in sorted(changes):
        change = changes[variant_id]
        if not change:
            continue
        if await stock.shift(
            unit,
            shop_id,
            variant_id,
            change.on_hand,
            change.held,
            on_sale=on_sale and change.held > 0,
        ):
            done.append(variant_id)
        else:
            short.append(variant_id)
    if short:
        for variant_id in done:
            back = changes[variant_id].back()
            await stock.shift(unit, shop_id, variant_id, back.on_hand, back.held)
    return short


async def give_back(unit: Unit, holds: Sequence[Row[Any]]) -> int:
    """Makes the pieces of these holds, which are locked, free again; how many holds that were."""
    if not holds:
        return 0
    by_shop = defaultdict(list)
    for row in holds:
        by_shop[row.shop_id].append(row)
    for shop_id in sorted(by_shop):
        changes = {
            variant_id: Change(on_hand=0, held=-quantity)
            for variant_id, quantity in kept(by_shop[shop_id]).items()
        }
        short = await shift_all(unit, shop_id, changes)
        if short:
            raise Broken(f"More is kept than held: {', '.join(short)}. Run dangol audit.")
    return await stock.end_holds(unit, [row.id for row in holds], stock.RELEASED)
