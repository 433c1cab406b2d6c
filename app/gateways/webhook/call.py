"""The signed POST that hands an order to a membership store, and what its answers mean."""

from __future__ import annotations

import binascii
from datetime import UTC, datetime

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from app.core.errors import CredentialsBad, NeverSend, TryLater
from app.core.outbound import Answered, Call, HandOff, Job, Response
from app.core.ports import Account
from app.gateways.webhook.limits import LONGEST_WAIT, TIMEOUT

GONE = 410
PUT_OFF = (429, 503)


def call(job: Job, account: Account, now: datetime) -> Call:
    """The POST of one hand-off. Its id is the event's own and the same over all attempts.

    Raises `NeverSend` for another job or an account without an address, `CredentialsBad` for one
    without a usable secret.
    """
    if not isinstance(job, HandOff):
        raise NeverSend("This is not for a membership store.", rule="not-a-hand-off")
    if not account.api_url:
        raise NeverSend("The store has no address: set its URL.", rule="no-address")
    signed = now.astimezone(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": job.event_id,
        "webhook-timestamp": str(int(signed.timestamp())),
        "webhook-signature": _signatures(account, job, signed),
    }
    return Call("POST", account.api_url, headers, job.body.encode(), _read, TIMEOUT)


def _signatures(account: Account, job: HandOff, signed: datetime) -> str:
    """One signature for each secret that is valid now, so that a store may change it at leisure."""
    secrets = account.secrets.get("secret", "").split()
    try:
        made = [Webhook(secret).sign(job.event_id, signed, job.body) for secret in secrets]
    except (EmptyWebhookSecretError, binascii.Error, ValueError) as error:
        raise CredentialsBad(
            "The store's secret is not one of Standard Webhooks (whsec_ and base64)."
        ) from error
    if not made:
        raise CredentialsBad("The store has no secret to sign with.")
    return " ".join(made)


def _read(response: Response) -> Answered:
    """Any 2xx takes the event. 410 ends it; everything else is worth another try, since a store
    that is being set up answers 401 or 404 in the morning and works in the afternoon.
    """
    status = response.status
    if 200 <= status < 300:
        return Answered(details={"status": str(status)})
    if status == GONE:
        raise NeverSend("The store wants no more events (410).", rule="gone")
    after = _seconds(response) if status in PUT_OFF else None
    raise TryLater(f"The store answered {status}.", after=after)


def _seconds(response: Response) -> float | None:
    given = response.headers.get("retry-after", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        return None
    return float(min(int(given), LONGEST_WAIT))
