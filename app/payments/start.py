"""A shopper is about to pay."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.core.catalogue import Shop
from app.core.errors import Conflict, Rejected
from app.core.outbound import OpenSession
from app.core.ports import Account
from app.db.unit import Unit
from app.inbox.bind import bind
from app.merchants.read import account_at
from app.orders.order import Order
from app.orders.take import take
from app.outbox.enqueue import enqueue
from app.payments import store
from app.payments.close import close
from app.payments.limits import USABLE, next_poll
from app.payments.payment import Payment
from app.payments.returned import return_token
from app.payments.route import channel_of, route_of


class Urls(Protocol):
    """Addresses of our own pages."""

    def paid(self, token: str) -> str:
        """Where the provider sends the shopper back to."""
        ...

    def notify(self, provider: str, account: str) -> str:
        """Where the provider posts its webhooks."""
        ...


async def start(
    unit: Unit, shop: Shop, order_id: str, provider: str, expires_at: datetime, urls: Urls
) -> str:
    """Asks the provider for its page; the id of the payment, whose reference is the same.

    The open payment of the order is used again if it is with the same provider and ends no sooner
    than a minute from now; another one is closed first, so that one order has one page at a time.
    Raises `Conflict` (`order-state`) for an order that does not await payment, `Rejected`
    (`no-provider`) for a provider the shop has no account with.
    """
    order = await take(unit, shop.id, order_id)
    if order.state != "awaiting_payment":
        raise Conflict(
            f"Order {order.number} is {order.state} and cannot be paid.", code="order-state"
        )
    account = await account_at(unit, channel_of(provider), shop.slug)
    if account is None or account.shop_id != shop.id:
        raise Rejected(f"The shop takes no payments through {provider}.", code="no-provider")
    for payment in await store.of_order(unit, shop.id, order_id, lock=True):
        if payment.usable:
            if payment.provider == provider and payment.expires_at >= unit.now + USABLE:
                return payment.id
            await close(unit, payment)
    return await _open(unit, shop, order, account, expires_at, urls)


async def _open(
    unit: Unit, shop: Shop, order: Order, account: Account, expires_at: datetime, urls: Urls
) -> str:
    payment_id = unit.ids.new("pay", unit.now)
    payment = Payment(
        id=payment_id,
        shop_id=shop.id,
        order_id=order.id,
        provider=account.channel.partition(":")[2],
        account_id=account.id,
        reference=payment_id,
        state="created",
        money=order.total,
        session_id=None,
        session_url=None,
        capture_id=None,
        captured=0,
        refunded=0,
        kept=False,
        expires_at=expires_at,
        closing_at=None,
        polls=0,
        created_at=unit.now,
    )
    await store.add(unit, payment, next_poll(unit.now, 0, expires_at) or expires_at)
    await bind(unit, shop.id, payment.address, order.lane_id)
    job = OpenSession(
        payment_id=payment.id,
        reference=payment.reference,
        money=payment.money,
        title=_title(order, shop),
        order_number=order.number,
        return_url=urls.paid(return_token(unit.vault, payment)),
        notify_url=urls.notify(payment.provider, account.external_id),
        expires_at=expires_at,
        locale=order.language,
    )
    await enqueue(
        unit,
        route_of(payment),
        job,
        key=f"open:{payment.id}",
        purpose="open-session",
        expires_at=expires_at,
    )
    return payment.id


def _title(order: Order, shop: Shop) -> str:
    first, *others = order.texts or (shop.name,)
    return f"{first} +{len(others)}" if others else first
