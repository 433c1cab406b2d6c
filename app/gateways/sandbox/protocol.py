"""What plug and provider have agreed on: names of outcomes, events, and how a webhook is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal, get_args

Outcome = Literal["approve", "decline", "delay", "double", "wrong-amount"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

CAPTURED = "payment.captured"
FAILED = "payment.failed"
EXPIRED = "payment.expired"
REFUNDED = "refund.done"
REFUND_FAILED = "refund.failed"

KEY_HEADER = "idempotency-key"


def signing_secret(api_key: str) -> str:
    """The secret of an account's webhooks, made of its API key: one secret is all it needs."""
    made = hmac.new(api_key.encode(), b"dangol sandbox webhook", hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(made).decode()}"
