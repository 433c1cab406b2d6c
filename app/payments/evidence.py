"""The SQL that the audit of payments asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select

from app.db.unit import Unit
from app.payments.models import capture, completion, hand_off, payment, refund


async def count_payments(unit: Unit) -> int:
    """How many payments there are, of all shops."""
    return int(await unit.value(select(func.count()).select_from(payment)))


async def wrong_captured(unit: Unit) -> Sequence[Row[Any]]:
    """Payments whose captured money is not the sum of their captures: id, captured, said."""
    said = func.coalesce(func.sum(capture.c.amount), 0)
    return await unit.rows(
        select(payment.c.id, payment.c.captured, said.label("said"))
        .outerjoin(
            capture,
            and_(
                capture.c.shop_id == payment.c.shop_id,
                capture.c.payment_id == payment.c.id,
                capture.c.currency == payment.c.currency,
            ),
        )
        .group_by(payment.c.id, payment.c.captured)
        .having(said != payment.c.captured)
        .order_by(payment.c.id)
    )


async def wrong_refunded(unit: Unit) -> Sequence[Row[Any]]:
    """Payments whose refunded money is not the sum of their refunds: id, refunded, said."""
    said = func.coalesce(func.sum(refund.c.amount), 0)
    return await unit.rows(
        select(payment.c.id, payment.c.refunded, said.label("said"))
        .outerjoin(
            refund,
            and_(
                refund.c.shop_id == payment.c.shop_id,
                refund.c.payment_id == payment.c.id,
                refund.c.currency == payment.c.currency,
                refund.c.state == "done",
            ),
        )
        .group_by(payment.c.id, payment.c.refunded)
        .having(said != payment.c.refunded)
        .order_by(payment.c.id)
    )


async def captures_with_refunds(unit: Unit) -> Sequence[Row[Any]]:
    """Every capture with what is on its way back: payment_id, capture_id, order_id, amount, fate,
    asked (not failed), tries.
    """
    asked = func.coalesce(func.sum(refund.c.amount).filter(refund.c.state != "failed"), 0)
    return await unit.rows(
        select(
            capture.c.payment_id,
            capture.c.capture_id,
            capture.c.order_id,
            capture.c.amount,
            capture.c.currency,
            capture.c.fate,
            asked.label("asked"),
            func.count(refund.c.id).label("tries"),
        )
        .outerjoin(
            refund,
            and_(
                refund.c.shop_id == capture.c.shop_id,
                refund.c.payment_id == capture.c.payment_id,
                refund.c.capture_id == capture.c.capture_id,
            ),
        )
        .group_by(
            capture.c.payment_id,
            capture.c.capture_id,
            capture.c.order_id,
            capture.c.amount,
            capture.c.currency,
            capture.c.fate,
        )
        .order_by(capture.c.payment_id, capture.c.capture_id)
    )


async def kept_payments(unit: Unit) -> Sequence[Row[Any]]:
    """Payments that an order was paid with: id, order_id, state."""
    return await unit.rows(
        select(payment.c.id, payment.c.order_id, payment.c.state)
        .where(payment.c.kept)
        .order_by(payment.c.id)
    )


async def completions(unit: Unit) -> Sequence[Row[Any]]:
    """Every order that was completed: order_id, payment_id, targets."""
    return await unit.rows(
        select(completion.c.order_id, completion.c.payment_id, completion.c.targets).order_by(
            completion.c.order_id
        )
    )


async def hand_offs(unit: Unit) -> Sequence[Row[Any]]:
    """What stores were told: order_id, target, event_type, outbox_key."""
    return await unit.rows(
        select(
            hand_off.c.shop_id,
            hand_off.c.order_id,
            hand_off.c.target,
            hand_off.c.event_type,
            hand_off.c.outbox_key,
        )
    )
