"""Asking a provider what became of a payment, for webhooks that never come."""

from __future__ import annotations

from app.core.outbound import AskPayment
from app.db.unit import Unit
from app.outbox.enqueue import enqueue
from app.payments import store
from app.payments.limits import next_poll
from app.payments.payment import Payment
from app.payments.route import route_of


async def due_polls(unit: Unit, limit: int = 100) -> list[Payment]:
    """Payments of all shops whose provider is to be asked now, locked."""
    return await store.due_polls(unit, limit)


async def ask(unit: Unit, payment: Payment) -> None:
    """Asks the provider, and sets when to ask next. The answer comes back as an event.

    Safe to call more often than due: the return page does.
    """
    polls = payment.polls + 1
    poll_at = next_poll(unit.now, polls, payment.expires_at) if payment.unsettled else None
    await store.put(unit, payment, polls=polls, poll_at=poll_at)
    job = AskPayment(payment.id, payment.reference, payment.session_id or "")
    await enqueue(
        unit, route_of(payment), job, key=f"ask:{payment.id}:{polls}", purpose="ask-payment"
    )


async def ask_due(unit: Unit, limit: int = 100) -> int:
    """Asks about every payment that is due; how many."""
    due = await due_polls(unit, limit)
    for payment in due:
        await ask(unit, payment)
    return len(due)
