"""A payment, a capture and a refund as the rest of this slice sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.core.money import Money

PaymentState = Literal["created", "open", "captured", "failed", "expired", "review"]
Fate = Literal["kept", "returned", "review"]
RefundState = Literal["asked", "done", "failed"]


class Payment(msgspec.Struct, frozen=True):
    """One try to pay an order. `captured` and `refunded` are minor units of `money`'s currency."""

    id: str
    shop_id: str
    order_id: str
    provider: str
    account_id: str
    reference: str
    state: PaymentState
    money: Money
    session_id: str | None
    session_url: str | None
    capture_id: str | None
    captured: int
    refunded: int
    kept: bool
    expires_at: datetime
    closing_at: datetime | None
    polls: int
    created_at: datetime
    reason: str = ""

    @property
    def unsettled(self) -> bool:
        """Nobody has said yet what became of it."""
        return self.state in ("created", "open")

    @property
    def usable(self) -> bool:
        """It may still be paid, as far as we are concerned."""
        return self.unsettled and self.closing_at is None

    @property
    def stream(self) -> str:
        """The outbox stream in which all calls about this order's money leave in order."""
        return f"pay:{self.order_id}"

    @property
    def address(self) -> str:
        """Where reports of this payment arrive."""
        return f"pay:{self.reference}"


class Capture(msgspec.Struct, frozen=True):
    """Money a provider took."""

    payment_id: str
    capture_id: str
    money: Money
    fate: Fate


class Refund(msgspec.Struct, frozen=True):
    """Money on its way back. `id` is the provider's idempotency key."""

    id: str
    payment_id: str
    order_id: str
    cause: str
    capture_id: str
    money: Money
    state: RefundState
    reason: str
    asked_at: datetime
    done_at: datetime | None
