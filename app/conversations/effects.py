"""What an event does to orders and money, whatever the dialog makes of it.

A payment is settled here and not by the dialog, so that a defect in the dialog can never cost
somebody an order: the dialog is only told the news.
"""

from __future__ import annotations

import msgspec

from app.core.catalogue import Shop
from app.core.errors import Conflict, NotFound, Rejected
from app.core.inbound import (
    AnyEvent,
    CancelAsked,
    PaymentOverdue,
    PaymentReported,
    RefundAsked,
    RefundReported,
    SessionOpened,
    ShipmentMarked,
)
from app.core.news import OrderNews
from app.db.unit import Unit
from app.orders.ship import ship
from app.payments.leave import expire_overdue
from app.payments.refund import cancel_order, refund_order, refund_reported
from app.payments.session import session_opened
from app.payments.settle import settle


class Effect(msgspec.Struct, frozen=True):
    """News for the dialog, and the outcome for a request that waits (when one may)."""

    news: tuple[AnyEvent, ...] = ()
    outcome: dict[str, str] | None = None


async def apply_effect(unit: Unit, shop: Shop, event: AnyEvent) -> Effect | None:
    """Carries out what `event` does outside the dialog; None when it is the dialog's own."""
    match event:
        case PaymentReported():
            return Effect(await settle(unit, shop, event))
        case SessionOpened():
            await session_opened(unit, shop.id, event)
            return Effect()
        case PaymentOverdue(order_id=order_id):
            return Effect(await expire_overdue(unit, shop, order_id))
        case RefundReported():
            return Effect(await refund_reported(unit, shop, event))
        case ShipmentMarked() | CancelAsked() | RefundAsked():
            return await _asked_by_merchant(unit, shop, event)
    return None


async def _asked_by_merchant(
    unit: Unit, shop: Shop, event: ShipmentMarked | CancelAsked | RefundAsked
) -> Effect:
    """A merchant's wish is answered to the merchant: what is refused changes nothing."""
    try:
        async with unit.conn.begin_nested():
            news = await _carry_out(unit, shop, event)
    except (Rejected, Conflict, NotFound) as refusal:
        return Effect(outcome={"code": "refused", "error": refusal.code, "text": refusal.text})
    return Effect(news, {"code": "done", "order_id": event.order_id})


async def _carry_out(
    unit: Unit, shop: Shop, event: ShipmentMarked | CancelAsked | RefundAsked
) -> tuple[OrderNews, ...]:
    match event:
        case ShipmentMarked():
            return await ship(unit, shop, event)
        case CancelAsked():
            return await cancel_order(unit, shop, event.order_id, event.reason, event.by)
        case RefundAsked():
            return await refund_order(unit, shop, event.order_id, event.reason, event.by)
