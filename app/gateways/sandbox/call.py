"""The requests that carry out our jobs, and what the sandbox's answers mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from app.core.errors import CredentialsBad, NeverSend, TryLater
from app.core.outbound import (
    Answered,
    AskPayment,
    Call,
    CloseSession,
    Job,
    OpenSession,
    RefundPayment,
    Response,
)
from app.core.ports import Account
from app.edge.codec import UNREADABLE, decode_lenient, encode
from app.edge.http import OutcomeUnknown
from app.gateways.sandbox.limits import TIMEOUT
from app.gateways.sandbox.protocol import KEY_HEADER

Read = Callable[[Response], Answered]


class _Capture(msgspec.Struct, frozen=True):
    id: str
    amount: int
    currency: str


class _Session(msgspec.Struct, frozen=True):
    """A session as the API tells it. `state`: open | captured | failed | expired."""

    id: str
    url: str = ""
    state: str = "open"
    reason: str = ""
    captures: tuple[_Capture, ...] = ()


class _Refund(msgspec.Struct, frozen=True):
    id: str
    state: str = "done"
    reason: str = ""


class _Problem(msgspec.Struct, frozen=True):
    error: str = ""
    text: str = ""
    session: _Session | None = None


Shape = TypeVar("Shape", _Session, _Refund, _Problem)


def call(job: Job, account: Account, api_url: str) -> Call:
    """The request for a payment job. Raises `NeverSend` for a job that is not a provider's."""
    match job:
        case OpenSession():
            body = {
                "reference": job.reference,
                "amount": job.money.amount,
                "currency": job.money.currency,
                "title": job.title,
                "order_number": job.order_number,
                "return_url": job.return_url,
                "notify_url": job.notify_url,
                "expires_at": job.expires_at,
                "locale": job.locale,
            }
            return _call(account, "POST", f"{api_url}/sessions", _opened, body, job.reference)
        case CloseSession():
            url = f"{api_url}/sessions/{job.session_id}/close"
            return _call(account, "POST", url, _state, {}, f"close-{job.reference}")
        case AskPayment():
            by = job.session_id or f"by-reference/{job.reference}"
            return _call(account, "GET", f"{api_url}/sessions/{by}", _state)
        case RefundPayment():
            body = {
                "reference": job.reference,
                "capture": job.capture_id,
                "amount": job.money.amount,
                "currency": job.money.currency,
                "reason": job.reason,
            }
            return _call(account, "POST", f"{api_url}/refunds", _refunded, body, job.refund_id)
    raise NeverSend("This is not for a payment provider.", rule="not-a-payment")


def _call(
    account: Account,
    method: str,
    url: str,
    read: Read,
    body: Mapping[str, object] | None = None,
    key: str = "",
) -> Call:
    keys = account.secrets.get("api_key", "").split()
    headers = {"authorization": f"Bearer {keys[0] if keys else ''}", "accept": "application/json"}
    if key:
        headers[KEY_HEADER] = key
    if body is not None:
        headers["content-type"] = "application/json"
    return Call(method, url, headers, b"" if body is None else encode(body), read, TIMEOUT)


def _opened(response: Response) -> Answered:
    session = _read(response, _Session)
    return Answered(reference=session.id, details={"url": session.url})


def _state(response: Response) -> Answered:
    """What became of a session. One that is unknown was never paid, and one that cannot be closed
    because it was paid is an answer like any other.
    """
    if response.status == 404:
        return Answered(details={"outcome": "unknown"})
    if response.status == 409:
        problem = _decoded(response, _Problem)
        if problem.session is not None:
            return _told(problem.session)
    return _told(_read(response, _Session))


def _told(session: _Session) -> Answered:
    captures = [
        {"capture_id": one.id, "amount": one.amount, "currency": one.currency}
        for one in session.captures
    ]
    details = {
        "outcome": session.state,
        "reason": session.reason,
        "captures": encode(captures).decode(),
    }
    return Answered(reference=session.id, details=details)


def _refunded(response: Response) -> Answered:
    refund = _read(response, _Refund)
    outcome = "refunded" if refund.state == "done" else "failed"
    return Answered(reference=refund.id, details={"outcome": outcome, "reason": refund.reason})


def _read(response: Response, shape: type[Shape]) -> Shape:
    """The answer to a call that worked. Raises what an error status means."""
    if response.status in (200, 201):
        return _decoded(response, shape)
    raise _error(response)


def _error(response: Response) -> Exception:
    status = response.status
    try:
        problem = _decoded(response, _Problem)
    except OutcomeUnknown:
        problem = _Problem()
    text = f"the sandbox answers {status}: {problem.text or problem.error or 'no reason'}"
    if status in (401, 403):
        return CredentialsBad(text)
    if status == 429:
        return TryLater(text, after=_seconds(response), whole_account=True)
    if status >= 500 or status == 408:
        return TryLater(text)
    return NeverSend(text, rule=problem.error or f"status-{status}")


def _seconds(response: Response) -> float | None:
    given = response.headers.get("retry-after", "")
    return float(given) if given.isascii() and given.isdigit() else None


def _decoded(response: Response, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(decode_lenient(response.body), shape)
    except UNREADABLE as error:
        # The request arrived and something answered: what it did, nobody can say.
        raise OutcomeUnknown("the sandbox answered what cannot be read") from error
