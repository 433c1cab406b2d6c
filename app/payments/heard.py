"""What the house learns when a provider answered one of our calls, or could not be called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from app.core.inbound import PaymentReported, RefundReported, SessionOpened
from app.core.money import Money
from app.core.outbound import (
    Answered,
    AskPayment,
    CloseSession,
    Job,
    OpenSession,
    RefundPayment,
)

Event = PaymentReported | RefundReported | SessionOpened


class Heard(msgspec.Struct, frozen=True):
    """An event for the inbox: `key` is the same for the same news, however often it is heard."""

    address: str
    key: str
    event: Event


class Taken(msgspec.Struct, frozen=True):
    """A capture as a gateway tells it in `details["captures"]`, a JSON array of these."""

    capture_id: str
    amount: int
    currency: str


def heard(job: Job, answered: Answered) -> tuple[Heard, ...]:
    """The events an answered call makes; none when it tells nothing that has to be known.

    What a payment gateway puts into `details`: `url` for an opened session; `captures` (JSON, see
    `Taken`), `outcome` (failed | expired | open) and `reason` for a question or a closing;
    `outcome` (refunded | failed) and `reason` for a refund. `reference` is the provider's own id.
    """
    details = answered.details
    match job:
        case OpenSession():
            event = SessionOpened(job.payment_id, answered.reference, details.get("url", ""))
            return (Heard(f"pay:{job.reference}", f"session:{job.payment_id}", event),)
        case AskPayment() | CloseSession():
            return _payment(job.reference, details)
        case RefundPayment():
            done = details.get("outcome", "refunded") == "refunded"
            return (_refund(job, done, answered.reference, details.get("reason", "")),)
    return ()


def unheard(job: Job, reason: str) -> tuple[Heard, ...]:
    """The events of a call that was given up for good. An unanswered question says nothing."""
    match job:
        case OpenSession():
            event = PaymentReported(job.reference, "failed", reason=reason)
            return (Heard(f"pay:{job.reference}", f"unopened:{job.payment_id}", event),)
        case RefundPayment():
            return (_refund(job, False, "", reason),)
    return ()


def _payment(reference: str, details: Mapping[str, str]) -> tuple[Heard, ...]:
    address, told = f"pay:{reference}", f"told:{reference}"
    captures = msgspec.json.decode(details.get("captures") or "[]", type=tuple[Taken, ...])
    if captures:
        return tuple(
            Heard(
                address,
                f"{told}:captured:{one.capture_id}",
                PaymentReported(
                    reference, "captured", one.capture_id, Money(one.amount, one.currency)
                ),
            )
            for one in captures
        )
    reason = details.get("reason", "")
    match details.get("outcome"):
        case "failed":
            failed = PaymentReported(reference, "failed", reason=reason)
            return (Heard(address, f"{told}:failed", failed),)
        case "expired":
            expired = PaymentReported(reference, "expired", reason=reason)
            return (Heard(address, f"{told}:expired", expired),)
    return ()


def _refund(job: RefundPayment, done: bool, provider_ref: str, reason: str) -> Heard:
    outcome: Literal["refunded", "failed"] = "refunded" if done else "failed"
    event = RefundReported(job.refund_id, outcome, provider_ref, reason)
    return Heard(f"pay:{job.reference}", f"refund:{job.refund_id}:{outcome}", event)
