"""The SQL of payments; `ledger.py` has that of captures and refunds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from app.core.inbound import PaymentReported
from app.core.money import Money
from app.db.unit import Unit
from app.payments.models import completion, hand_off, payment, payment_report
from app.payments.payment import Payment


def _payment(row: Row[Any]) -> Payment:
    return Payment(
        id=row.id,
        shop_id=row.shop_id,
        order_id=row.order_id,
        provider=row.provider,
        account_id=row.account_id,
        reference=row.reference,
        state=row.state,
        money=Money(row.amount, row.currency),
        session_id=row.session_id,
        session_url=row.session_url,
        capture_id=row.capture_id,
        captured=row.captured,
        refunded=row.refunded,
        kept=row.kept,
        expires_at=row.expires_at,
        closing_at=row.closing_at,
        polls=row.polls,
        created_at=row.created_at,
        reason=row.reason,
    )


async def _find(
    unit: Unit, shop_id: str, *where: ColumnElement[bool], lock: bool = False
) -> list[Payment]:
    """Payments of a shop, oldest first; locked until the transaction ends."""
    statement = (
        select(payment)
        .where(payment.c.shop_id == shop_id, *where)
        .order_by(payment.c.created_at, payment.c.id)
    )
    rows = await unit.rows(statement.with_for_update() if lock else statement)
    return [_payment(row) for row in rows]


async def by_reference(unit: Unit, shop_id: str, reference: str) -> Payment | None:
    """The payment a provider speaks of."""
    found = await _find(unit, shop_id, payment.c.reference == reference)
    return found[0] if found else None


async def by_id(unit: Unit, shop_id: str, payment_id: str) -> Payment | None:
    """The payment of that id."""
    found = await _find(unit, shop_id, payment.c.id == payment_id)
    return found[0] if found else None


async def of_order(unit: Unit, shop_id: str, order_id: str, *, lock: bool = False) -> list[Payment]:
    """All tries to pay an order, oldest first."""
    return await _find(unit, shop_id, payment.c.order_id == order_id, lock=lock)


async def add(unit: Unit, one: Payment, poll_at: datetime) -> None:
    """Writes a new payment."""
    await unit.run(
        payment.insert().values(
            id=one.id,
            shop_id=one.shop_id,
            order_id=one.order_id,
            provider=one.provider,
            account_id=one.account_id,
            reference=one.reference,
            state=one.state,
            amount=one.money.amount,
            currency=one.money.currency,
            expires_at=one.expires_at,
            poll_at=poll_at,
            created_at=one.created_at,
            changed_at=one.created_at,
        )
    )


async def put(unit: Unit, one: Payment, **values: Any) -> None:
    """Changes columns of a payment that the caller holds."""
    await unit.run(
        update(payment)
        .where(payment.c.shop_id == one.shop_id, payment.c.id == one.id)
        .values(changed_at=unit.now, **values)
    )


async def log_report(unit: Unit, one: Payment, report: PaymentReported, effect: str) -> None:
    """Notes what the provider said and what it came to."""
    money = report.money
    await unit.run(
        payment_report.insert().values(
            shop_id=one.shop_id,
            payment_id=one.id,
            outcome=report.outcome,
            capture_id=report.capture_id,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            reason=report.reason,
            effect=effect,
            at=unit.now,
        )
    )


async def reports(unit: Unit, shop_id: str, payment_id: str) -> list[Row[Any]]:
    """What the provider said of a payment, oldest first."""
    return list(
        await unit.rows(
            select(payment_report)
            .where(payment_report.c.shop_id == shop_id, payment_report.c.payment_id == payment_id)
            .order_by(payment_report.c.id)
        )
    )


async def due_polls(unit: Unit, limit: int) -> list[Payment]:
    """Payments whose provider is to be asked now, of all shops; skips those in somebody's hands."""
    rows = await unit.rows(
        select(payment)
        .where(payment.c.poll_at <= unit.now)
        .order_by(payment.c.poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_payment(row) for row in rows]


async def add_completion(unit: Unit, values: Mapping[str, Any]) -> bool:
    """Notes that an order was completed; false when it was before."""
    return await unit.insert_once(completion, values, ("shop_id", "order_id")) is not None


async def completion_of(unit: Unit, shop_id: str, order_id: str) -> Row[Any] | None:
    """How an order was completed."""
    return await unit.row(
        select(completion).where(completion.c.shop_id == shop_id, completion.c.order_id == order_id)
    )


async def add_hand_off(unit: Unit, values: Mapping[str, Any]) -> bool:
    """Notes what a store is told; false when it was told that before."""
    keys = ("shop_id", "order_id", "target", "event_type")
    return await unit.insert_once(hand_off, values, keys) is not None
