"""The SQL of money that came and money that goes back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from app.core.money import Money
from app.db.unit import Unit
from app.payments.models import capture, payment, refund
from app.payments.payment import Capture, Fate, Payment, Refund


async def add_capture(unit: Unit, one: Payment, capture_id: str, money: Money, fate: Fate) -> bool:
    """Books money that came; false when this capture is booked already."""
    values = {
        "shop_id": one.shop_id,
        "payment_id": one.id,
        "capture_id": capture_id,
        "order_id": one.order_id,
        "amount": money.amount,
        "currency": money.currency,
        "fate": fate,
        "at": unit.now,
    }
    keys = ("shop_id", "payment_id", "capture_id")
    if await unit.insert_once(capture, values, keys) is None:
        return False
    if money.currency == one.money.currency:
        await unit.run(
            update(payment)
            .where(payment.c.shop_id == one.shop_id, payment.c.id == one.id)
            .values(captured=payment.c.captured + money.amount, changed_at=unit.now)
        )
    return True


async def set_fate(unit: Unit, shop_id: str, one: Capture, fate: Fate) -> None:
    """Decides what a capture is for."""
    await unit.run(
        update(capture)
        .where(
            capture.c.shop_id == shop_id,
            capture.c.payment_id == one.payment_id,
            capture.c.capture_id == one.capture_id,
        )
        .values(fate=fate)
    )


async def captures_of(unit: Unit, shop_id: str, order_id: str) -> list[Capture]:
    """All money that came for an order, oldest first."""
    rows = await unit.rows(
        select(capture)
        .where(capture.c.shop_id == shop_id, capture.c.order_id == order_id)
        .order_by(capture.c.at, capture.c.capture_id)
    )
    return [
        Capture(row.payment_id, row.capture_id, Money(row.amount, row.currency), row.fate)
        for row in rows
    ]


def _refund(row: Row[Any]) -> Refund:
    return Refund(
        id=row.id,
        payment_id=row.payment_id,
        order_id=row.order_id,
        cause=row.cause,
        capture_id=row.capture_id,
        money=Money(row.amount, row.currency),
        state=row.state,
        reason=row.reason,
        asked_at=row.asked_at,
        done_at=row.done_at,
    )


async def refunds(unit: Unit, shop_id: str, *where: ColumnElement[bool]) -> list[Refund]:
    """Refunds of a shop, oldest first."""
    rows = await unit.rows(
        select(refund)
        .where(refund.c.shop_id == shop_id, *where)
        .order_by(refund.c.asked_at, refund.c.id)
    )
    return [_refund(row) for row in rows]


async def refunds_of(unit: Unit, shop_id: str, order_id: str) -> list[Refund]:
    """All refunds of an order, oldest first."""
    return await refunds(unit, shop_id, refund.c.order_id == order_id)


async def refund_by_id(unit: Unit, shop_id: str, refund_id: str) -> Refund | None:
    """The refund a provider speaks of."""
    found = await refunds(unit, shop_id, refund.c.id == refund_id)
    return found[0] if found else None


async def add_refund(unit: Unit, shop_id: str, one: Refund, by: str) -> bool:
    """Writes a new refund; false when there is one for that cause."""
    values = {
        "id": one.id,
        "shop_id": shop_id,
        "payment_id": one.payment_id,
        "order_id": one.order_id,
        "cause": one.cause,
        "capture_id": one.capture_id,
        "amount": one.money.amount,
        "currency": one.money.currency,
        "state": one.state,
        "reason": one.reason,
        "by": by,
        "asked_at": one.asked_at,
    }
    keys = ("shop_id", "payment_id", "cause")
    return await unit.insert_once(refund, values, keys) is not None


async def close_refund(
    unit: Unit, shop_id: str, one: Refund, state: str, provider_ref: str, reason: str
) -> bool:
    """Records how a refund ended, unless it is done already; books money that went back."""
    changed = await unit.run(
        update(refund)
        .where(refund.c.shop_id == shop_id, refund.c.id == one.id, refund.c.state != "done")
        .where(refund.c.state != state)
        .values(
            state=state,
            provider_ref=provider_ref,
            reason=reason or refund.c.reason,
            done_at=unit.now,
        )
    )
    if changed and state == "done":
        await unit.run(
            update(payment)
            .where(
                payment.c.shop_id == shop_id,
                payment.c.id == one.payment_id,
                payment.c.currency == one.money.currency,
            )
            .values(refunded=payment.c.refunded + one.money.amount, changed_at=unit.now)
        )
    return bool(changed)
