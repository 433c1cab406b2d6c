"""The provider's API: sessions and refunds, with idempotency keys and amounts checked."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from app.edge.codec import UNREADABLE, canonical
from app.gateways.sandbox import protocol
from app.gateways.sandbox.fake.ledger import (
    Refund,
    RefundMade,
    Session,
    SessionClosed,
    SessionMade,
)
from app.gateways.sandbox.fake.payer import Desk
from app.gateways.sandbox.fake.wire import Answer, Asked, json_answer, problem
from app.gateways.sandbox.limits import LARGEST, SMALLEST, TITLE


class _Open(msgspec.Struct, frozen=True):
    reference: str
    amount: int
    currency: str
    return_url: str
    notify_url: str
    expires_at: datetime
    title: str = ""
    order_number: str = ""
    locale: str = "en"


class _GiveBack(msgspec.Struct, frozen=True):
    reference: str
    capture: str
    amount: int
    currency: str
    reason: str = ""


NO_SESSION = problem(404, "no-session", "There is no such session.")
KEY_NEEDED = problem(422, "no-key", "An idempotency key is needed.")
KEY_REUSED = problem(409, "key-reused", "This idempotency key belongs to another request.")


def open_session(desk: Desk, asked: Asked) -> Answer:
    """A new page, or the one that was made with this key before."""
    try:
        form = msgspec.convert(asked.json(), _Open)
    except UNREADABLE as error:
        return problem(422, "body", str(error))
    if not asked.headers.get(protocol.KEY_HEADER):
        return KEY_NEEDED
    if not SMALLEST <= form.amount <= LARGEST or len(form.currency) != 3:
        return problem(422, "amount", "The amount is a whole number of minor units of a currency.")
    if form.expires_at.tzinfo is None or form.expires_at <= desk.now:
        return problem(422, "expires", "The session has to end later than now.")
    owner = _print(asked.key)
    known = desk.books.ledger.by_reference(form.reference)
    if known is not None:
        if known.asked != _print(form) or known.owner != owner:
            return KEY_REUSED
        return json_answer(200, _told(desk, asked, known))
    session = Session(
        id=desk.id("ses"),
        reference=form.reference,
        amount=form.amount,
        currency=form.currency,
        title=form.title[:TITLE],
        order_number=form.order_number[:TITLE],
        return_url=form.return_url,
        notify_url=form.notify_url,
        expires_at=form.expires_at,
        locale=form.locale,
        owner=owner,
        signing=protocol.signing_secret(asked.key),
        asked=_print(form),
    )
    desk.books.write(SessionMade(desk.now, session))
    return json_answer(201, _told(desk, asked, session))


def session(desk: Desk, asked: Asked, session_id: str) -> Answer:
    """How a session stands."""
    found = desk.books.ledger.sessions.get(session_id)
    return _shown(desk, asked, found)


def session_by_reference(desk: Desk, asked: Asked, reference: str) -> Answer:
    """How the session of the caller's own reference stands."""
    return _shown(desk, asked, desk.books.ledger.by_reference(reference))


def close_session(desk: Desk, asked: Asked, session_id: str) -> Answer:
    """Takes no more money; 409 with the session when there is money already."""
    found = desk.books.ledger.sessions.get(session_id)
    if found is None or found.owner != _print(asked.key):
        return NO_SESSION
    if found.taken(desk.now):
        told = _told(desk, asked, found)
        return problem(409, "already-paid", "The session was paid before.", session=told)
    if not found.closed:
        desk.books.write(SessionClosed(desk.now, found.id))
        found = desk.books.ledger.sessions[session_id]
    return json_answer(200, _told(desk, asked, found))


def refund(desk: Desk, asked: Asked, *, refuse: bool) -> Answer:
    """Gives money of one capture back, never more than it has; the same key gives it once."""
    try:
        form = msgspec.convert(asked.json(), _GiveBack)
    except UNREADABLE as error:
        return problem(422, "body", str(error))
    key = asked.headers.get(protocol.KEY_HEADER, "")
    if not key:
        return KEY_NEEDED
    ledger = desk.books.ledger
    before = ledger.refunds.get(key)
    if before is not None:
        return json_answer(200, _of(before)) if before.asked == _print(form) else KEY_REUSED
    paid = ledger.by_reference(form.reference)
    capture = ledger.capture(form.reference, form.capture)
    if paid is None or capture is None or capture.at > desk.now or paid.owner != _print(asked.key):
        return problem(404, "no-capture", "There is no such capture.")
    if form.currency != capture.currency or form.amount < SMALLEST:
        return problem(422, "amount", "A refund is in the currency of its capture.")
    if form.amount > capture.amount - capture.refunded:
        return problem(422, "too-much", "More would go back than came.")
    made = Refund(
        id=desk.id("rfd"),
        key=key,
        reference=form.reference,
        capture=capture.id,
        amount=form.amount,
        currency=form.currency,
        state="failed" if refuse else "done",
        reason="the bank refuses" if refuse else form.reason,
        asked=_print(form),
    )
    desk.books.write(RefundMade(desk.now, made))
    kind = protocol.REFUND_FAILED if refuse else protocol.REFUNDED
    told: dict[str, object] = {"refund": key, "provider_ref": made.id, "reason": made.reason}
    desk.tell(paid, kind, told, desk.now)
    return json_answer(201, _of(made))


def _shown(desk: Desk, asked: Asked, found: Session | None) -> Answer:
    if found is None or found.owner != _print(asked.key):
        return NO_SESSION
    return json_answer(200, _told(desk, asked, found))


def _told(desk: Desk, asked: Asked, session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "reference": session.reference,
        "url": f"{asked.base}/{session.id}",
        "state": session.state(desk.now),
        "reason": session.failed,
        "expires_at": session.expires_at,
        "captures": [
            {
                "id": one.id,
                "amount": one.amount,
                "currency": one.currency,
                "refunded": one.refunded,
                "at": one.at,
            }
            for one in session.taken(desk.now)
        ],
    }


def _of(refund: Refund) -> dict[str, object]:
    return {"id": refund.id, "state": refund.state, "reason": refund.reason}


def _print(given: object) -> str:
    return hashlib.sha256(canonical(given)).hexdigest()
