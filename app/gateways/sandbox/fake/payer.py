"""What the person on the page decides, booked, with the webhooks that tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.ids import Ids
from app.edge.codec import encode
from app.gateways.sandbox import protocol
from app.gateways.sandbox.fake.books import Books
from app.gateways.sandbox.fake.ledger import (
    Capture,
    CaptureMade,
    Hook,
    HookMade,
    Session,
    SessionFailed,
)


@dataclass(frozen=True)
class Desk:
    """Somebody at work on the held book, at one moment."""

    books: Books
    now: datetime
    ids: Ids
    drop: bool

    def id(self, prefix: str) -> str:
        """A new id."""
        return self.ids.new(prefix, self.now)

    def tell(self, session: Session, kind: str, data: dict[str, object], due: datetime) -> None:
        """A webhook about this session, to be sent at `due`, or lost when webhooks are dropped."""
        event_id = self.id("evt")
        body = {
            "id": event_id,
            "type": kind,
            "timestamp": due,
            "data": {"reference": session.reference, **data},
        }
        hook = Hook(
            id=event_id,
            url=session.notify_url,
            signing=session.signing,
            body=encode(body).decode(),
            due=due,
            done="dropped" if self.drop else "",
        )
        self.books.write(HookMade(self.now, hook))


def decide(desk: Desk, session: Session, outcome: str, delay: float) -> None:
    """Carries the decision out, once: a form sent again changes nothing."""
    if session.captures or session.state(desk.now) != "open":
        return
    if outcome == "decline":
        reason = "card declined"
        desk.books.write(SessionFailed(desk.now, session.id, reason))
        desk.tell(session, protocol.FAILED, {"reason": reason}, desk.now)
        return
    due = desk.now + timedelta(seconds=delay if outcome == "delay" else 0)
    amount = _wrong(session.amount) if outcome == "wrong-amount" else session.amount
    for _ in range(2 if outcome == "double" else 1):
        capture = Capture(desk.id("cap"), amount, session.currency, due)
        desk.books.write(CaptureMade(desk.now, session.id, capture))
        told = {"capture": capture.id, "amount": amount, "currency": session.currency}
        desk.tell(session, protocol.CAPTURED, told, due)


def _wrong(amount: int) -> int:
    return amount // 2 if amount > 1 else amount + 1
