"""Giving back what one capture took."""

from __future__ import annotations

from app.core.outbound import RefundPayment
from app.db.unit import Unit
from app.outbox.enqueue import enqueue
from app.payments import ledger
from app.payments.payment import Capture, Payment, Refund
from app.payments.route import route_of


async def give_back(
    unit: Unit, payment: Payment, capture: Capture, cause: str, *, reason: str, by: str
) -> bool:
    """Asks the provider to return a capture whole, once per cause; false when that was asked.

    `cause` says why (`double`, `late`, `order`, …) and names the capture with it.
    """
    refund = Refund(
        id=unit.ids.new("ref", unit.now),
        payment_id=payment.id,
        order_id=payment.order_id,
        cause=f"{cause}:{capture.capture_id}",
        capture_id=capture.capture_id,
        money=capture.money,
        state="asked",
        reason=reason,
        asked_at=unit.now,
        done_at=None,
    )
    if not await ledger.add_refund(unit, payment.shop_id, refund, by):
        return False
    await ledger.set_fate(unit, payment.shop_id, capture, "returned")
    job = RefundPayment(
        refund_id=refund.id,
        reference=payment.reference,
        capture_id=capture.capture_id,
        money=capture.money,
        reason=reason,
    )
    await enqueue(unit, route_of(payment), job, key=f"refund:{refund.id}", purpose="refund")
    return True
