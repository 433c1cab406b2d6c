"""Closing a provider's page, before its stock is given to somebody else."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.outbound import CloseSession
from app.db.unit import Unit
from app.outbox.enqueue import enqueue
from app.payments import store
from app.payments.payment import Payment
from app.payments.route import route_of


async def close(unit: Unit, payment: Payment) -> None:
    """Asks the provider to take no money for this payment any more.

    A session that is not open yet is closed as soon as it is (`session_opened`). Money that comes
    all the same is late money.
    """
    if payment.closing_at is None:
        await store.put(unit, payment, closing_at=unit.now)
    if payment.session_id is not None:
        job = CloseSession(payment.id, payment.reference, payment.session_id)
        await enqueue(
            unit, route_of(payment), job, key=f"close:{payment.id}", purpose="close-session"
        )


async def close_all(unit: Unit, payments: Iterable[Payment]) -> None:
    """Closes those of the payments that may still be paid."""
    for payment in payments:
        if payment.usable:
            await close(unit, payment)
