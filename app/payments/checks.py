"""What must hold of payments, for `dangol audit`."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from app.core.findings import Finding
from app.db.unit import Unit
from app.orders.order import Bill
from app.orders.read import bills
from app.payments import evidence

COMPLETED = ("paid", "shipped", "delivered", "refunded")


async def checks(unit: Unit) -> list[Finding]:
    """Money, one-order, late-payment and hand-off of DESIGN section 1; findings name their rows."""
    owed = {one.id: one for one in await bills(unit)}
    captures = await evidence.captures_with_refunds(unit)
    completions = await evidence.completions(unit)
    told = await evidence.hand_offs(unit)
    money = [*[line async for line in _sums(unit)], *_overpaid_back(captures)]
    one_order = [*_completed(owed, completions), *await _kept(unit, owed, captures)]
    return [
        Finding("money", await evidence.count_payments(unit), tuple(money)),
        Finding("one-order", len(owed), tuple(one_order)),
        Finding("late-payment", len(captures), tuple(_unreturned(owed, captures))),
        Finding("hand-off", len(completions), tuple(_untold(owed, completions, told))),
    ]


async def _sums(unit: Unit) -> AsyncIterator[str]:
    for row in await evidence.wrong_captured(unit):
        yield f"payment {row.id}: captured {row.captured}, its captures sum to {row.said}"
    for row in await evidence.wrong_refunded(unit):
        yield f"payment {row.id}: refunded {row.refunded}, its refunds sum to {row.said}"


def _overpaid_back(captures: Sequence[Row[Any]]) -> Iterator[str]:
    for row in captures:
        if row.asked > row.amount:
            yield (
                f"capture {row.capture_id} of payment {row.payment_id}: "
                f"{row.amount} came, {row.asked} goes back"
            )


def _completed(owed: dict[str, Bill], completions: Sequence[Row[Any]]) -> Iterator[str]:
    """An order is completed if and only if its state says that it was paid."""
    done = {row.order_id for row in completions}
    for order in owed.values():
        if (order.state in COMPLETED) != (order.id in done):
            was = "was" if order.id in done else "was never"
            yield f"order {order.id} is {order.state} but {was} completed"


async def _kept(unit: Unit, owed: dict[str, Bill], captures: Sequence[Row[Any]]) -> list[str]:
    """One payment and one capture of exactly the total for each paid order, none for others."""
    payments = await evidence.kept_payments(unit)
    broken = [
        f"payment {row.id} pays order {row.order_id} and is {row.state}"
        for row in payments
        if row.state != "captured"
    ]
    paying = Counter(row.order_id for row in payments)
    holding = Counter(row.order_id for row in captures if row.fate == "kept")
    for row in captures:
        order = owed.get(row.order_id)
        if row.fate == "kept" and (
            order is None or (row.amount, row.currency) != (order.amount, order.currency)
        ):
            broken.append(f"capture {row.capture_id} is not what order {row.order_id} costs")
    for order in owed.values():
        want_payment = order.state in COMPLETED
        want_capture = want_payment and order.state != "refunded"
        if paying[order.id] != want_payment:
            broken.append(f"order {order.id} is {order.state} with {paying[order.id]} payments")
        if holding[order.id] != want_capture:
            broken.append(f"order {order.id} is {order.state} with {holding[order.id]} captures")
    return broken


def _unreturned(owed: dict[str, Bill], captures: Sequence[Row[Any]]) -> Iterator[str]:
    """Money that no order keeps and no person looks at is on its way back (or was refused, which
    the shop was told)."""
    for row in captures:
        name = f"capture {row.capture_id} of payment {row.payment_id}"
        if row.order_id not in owed:
            yield f"{name}: its order {row.order_id} is gone"
        if row.fate == "returned" and row.tries == 0:
            yield f"{name}: kept by no order, and no refund was asked"
        if row.fate == "kept" and row.asked > 0:
            yield f"{name}: kept and given back at once"


def _untold(
    owed: dict[str, Bill], completions: Sequence[Row[Any]], told: Sequence[Row[Any]]
) -> Iterator[str]:
    rows = {(row.order_id, row.target, row.event_type) for row in told}
    for row in completions:
        order = owed.get(row.order_id)
        kinds = ["order.paid"]
        if order is not None and order.state == "refunded":
            kinds.append("order.refunded")
        for target in row.targets:
            for kind in kinds:
                if (row.order_id, target, kind) not in rows:
                    yield f"order {row.order_id}: {target} was never told of {kind}"
