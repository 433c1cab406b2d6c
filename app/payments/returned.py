"""The way back from the provider's page: a token that names the payment and nothing else."""

from __future__ import annotations

from app.core.errors import NotFound
from app.core.ports import Vault
from app.db.unit import Unit
from app.payments import store
from app.payments.payment import Payment

PURPOSE = "payment-return"


def return_token(vault: Vault, payment: Payment) -> str:
    """The token in the address that the provider sends the shopper back to."""
    return vault.sign(PURPOSE, f"{payment.shop_id} {payment.id}")


async def payment_returned(unit: Unit, token: str) -> Payment:
    """The payment of a return token. Raises `NotFound` when the token is not ours.

    Coming back proves nothing about money: the page asks the provider (`poll.ask`) and waits.
    """
    shop_id, _, payment_id = (unit.vault.unsign(PURPOSE, token) or "").partition(" ")
    payment = await store.by_id(unit, shop_id, payment_id) if payment_id else None
    if payment is None:
        raise NotFound("This link is not one of ours. Please look into your chat.", code="no-link")
    return payment
