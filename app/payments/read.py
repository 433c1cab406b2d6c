"""Payments for those who only look."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.db.unit import Unit
from app.orders.order import Filter
from app.orders.read import list_orders
from app.payments import ledger, store
from app.payments.payment import Capture, Payment, PaymentState, Refund


class Session(msgspec.Struct, frozen=True):
    """The provider's page of an order: `url` is None until the provider has opened it."""

    payment_id: str
    provider: str
    state: PaymentState
    url: str | None
    expires_at: datetime
    reason: str


class MoneyTrail(msgspec.Struct, frozen=True):
    """All that happened to the money of an order."""

    payments: tuple[Payment, ...]
    captures: tuple[Capture, ...]
    refunds: tuple[Refund, ...]


async def session_of(unit: Unit, shop_id: str, order_id: str) -> Session | None:
    """The newest payment of an order, for the request that waits for its page."""
    payments = await store.of_order(unit, shop_id, order_id)
    if not payments:
        return None
    last = payments[-1]
    return Session(
        last.id, last.provider, last.state, last.session_url, last.expires_at, last.reason
    )


async def payment_by_id(unit: Unit, shop_id: str, payment_id: str) -> Payment | None:
    """The payment of that id."""
    return await store.by_id(unit, shop_id, payment_id)


async def money_of(unit: Unit, shop_id: str, order_id: str) -> MoneyTrail:
    """Payments, captures and refunds of an order, each oldest first."""
    return MoneyTrail(
        tuple(await store.of_order(unit, shop_id, order_id)),
        tuple(await ledger.captures_of(unit, shop_id, order_id)),
        tuple(await ledger.refunds_of(unit, shop_id, order_id)),
    )


async def has_open_payment(unit: Unit, shop_id: str, lane_id: str) -> bool:
    """Is there an unpaid order of this lane whose page may still take money?"""
    unpaid = Filter(state="awaiting_payment", lane_id=lane_id)
    for order in (await list_orders(unit, shop_id, unpaid)).items:
        if any(one.usable for one in await store.of_order(unit, shop_id, order.id)):
            return True
    return False
