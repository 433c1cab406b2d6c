"""Where calls to a provider leave."""

from __future__ import annotations

from app.outbox.enqueue import Route
from app.payments.payment import Payment

CHANNEL = "pay"


def channel_of(provider: str) -> str:
    """The channel name of a payment provider's accounts."""
    return f"{CHANNEL}:{provider}"


def route_of(payment: Payment) -> Route:
    """The stream and account through which calls about this payment leave."""
    return Route(
        shop_id=payment.shop_id,
        stream=payment.stream,
        channel=channel_of(payment.provider),
        account_id=payment.account_id,
    )
