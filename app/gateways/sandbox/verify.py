"""Is it really the sandbox that calls? Standard Webhooks headers over the raw bytes."""

from __future__ import annotations

import binascii

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

from app.core.ports import Account, Refused, Request, Verified
from app.gateways.sandbox.protocol import signing_secret

# The library says "wrong" in many ways: a header without a comma, a body that is no UTF-8, a time
# beyond the calendar all raise something else.
WRONG = (
    WebhookVerificationError,
    EmptyWebhookSecretError,
    binascii.Error,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def verify(request: Request, account: Account) -> Verified | Refused:
    """Checks a POST by its signature and age (five minutes). Never raises."""
    if request.method != "POST":
        return Refused(f"{request.method[:10]} is not how events are posted")
    keys = account.secrets.get("api_key", "").split()
    if not keys:
        return Refused("the account has no API key, so nothing can be signed for it")
    why = ""
    for key in keys:
        try:
            Webhook(signing_secret(key)).verify(
                request.raw, dict(request.headers), json_parse=False
            )
        except WRONG as error:
            why = str(error) if isinstance(error, WebhookVerificationError) else "malformed headers"
        else:
            return Verified()
    return Refused(f"the signature is not the sandbox's: {why}")
