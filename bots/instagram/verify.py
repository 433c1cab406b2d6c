"""Is it really Meta that calls? The handshake of a new callback, the signature of a post."""

from __future__ import annotations

from app.core.ports import Account, Answer, Refused, Request, Verified
from app.edge.signing import is_one_of, signed_by

SIGNATURE = "x-hub-signature-256"
# Meta's challenge is a number of ten digits; what is much longer is not from there.
LONGEST_CHALLENGE = 256


def verify(request: Request, account: Account) -> Verified | Refused | Answer:
    """Checks a POST by its signature and answers the GET handshake. Never raises."""
    if request.method == "GET":
        return _handshake(request, account)
    if request.method != "POST":
        return Refused(f"{request.method[:10]} is not how events are posted")
    given = request.headers.get(SIGNATURE)
    if given is None:
        return Refused(f"the header {SIGNATURE} is missing")
    secrets = account.secrets.get("app_secret", "")
    # Over the bytes as they came: parsed and written again they would read differently.
    if not signed_by(secrets, request.raw, given, prefix="sha256="):
        return Refused("the signature is not by this account's app secret")
    return Verified()


def _handshake(request: Request, account: Account) -> Refused | Answer:
    challenge = request.query.get("hub.challenge", "")
    if request.query.get("hub.mode") != "subscribe" or not challenge:
        return Refused("this is not a handshake")
    if not is_one_of(
        account.secrets.get("verify_token", ""), request.query.get("hub.verify_token", "")
    ):
        return Refused("the verify token is not the one set for this account")
    if len(challenge) > LONGEST_CHALLENGE:
        return Refused("the challenge is too long")
    return Answer(status=200, body=challenge.encode("utf-8", "replace"), content_type="text/plain")
