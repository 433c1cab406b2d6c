"""What the provider knows: sessions, captures, refunds and webhooks, rebuilt from its book."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Capture(msgspec.Struct):
    """Money taken at `at`; before that it is on its way and nobody hears of it."""

    id: str
    amount: int
    currency: str
    at: datetime
    refunded: int = 0


class Session(msgspec.Struct):
    """A page that may be paid."""

    id: str
    reference: str
    amount: int
    currency: str
    title: str
    order_number: str
    return_url: str
    notify_url: str
    expires_at: datetime
    locale: str
    owner: str  # fingerprint of the API key
    signing: str
    asked: str  # fingerprint of the request, to know a repeat from a clash of keys
    captures: list[Capture] = []
    failed: str = ""
    closed: bool = False

    def taken(self, now: datetime) -> list[Capture]:
        """The money that has come by now."""
        return [one for one in self.captures if one.at <= now]

    def state(self, now: datetime) -> str:
        """open | captured | failed | expired. Money on its way leaves a session open, unless it was
        closed: then it comes all the same, late.
        """
        if self.taken(now):
            return "captured"
        if self.failed:
            return "failed"
        if self.closed or (now >= self.expires_at and not self.captures):
            return "expired"
        return "open"


class Refund(msgspec.Struct):
    """Money given back. `key` is the caller's, kept for good."""

    id: str
    key: str
    reference: str
    capture: str
    amount: int
    currency: str
    state: str
    reason: str
    asked: str


class Hook(msgspec.Struct):
    """A webhook to be sent at `due`, tried `tries` times. `leased` keeps other processes off it."""

    id: str
    url: str
    signing: str
    body: str
    due: datetime
    tries: int = 0
    done: str = ""  # sent | dropped | given-up
    leased: datetime | None = None


class Ledger:
    """The state after some lines of the book. Applies one line after another, in their order."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.refunds: dict[str, Refund] = {}
        self.hooks: dict[str, Hook] = {}
        self._named: dict[str, str] = {}  # reference -> session id

    def by_reference(self, reference: str) -> Session | None:
        """The session of the caller's own reference."""
        return self.sessions.get(self._named.get(reference, ""))

    def capture(self, reference: str, capture_id: str) -> Capture | None:
        """A capture of that session."""
        session = self.by_reference(reference)
        captures = session.captures if session else []
        return next((one for one in captures if one.id == capture_id), None)

    def apply(self, line: Line) -> None:
        """Takes one line into the state."""
        match line:
            case SessionMade(session=session):
                self.sessions[session.id] = session
                self._named[session.reference] = session.id
            case CaptureMade(session_id=session_id, capture=capture):
                self.sessions[session_id].captures.append(capture)
            case SessionFailed(session_id=session_id, reason=reason):
                self.sessions[session_id].failed = reason
            case SessionClosed(session_id=session_id):
                self.sessions[session_id].closed = True
            case RefundMade(refund=refund):
                self._apply_refund(refund)
            case HookMade(hook=hook):
                self.hooks[hook.id] = hook
            case HookTried():
                self._apply_try(line)

    def _apply_refund(self, refund: Refund) -> None:
        self.refunds[refund.key] = refund
        capture = self.capture(refund.reference, refund.capture)
        if capture is not None and refund.state == "done":
            capture.refunded += refund.amount

    def _apply_try(self, line: HookTried) -> None:
        hook = self.hooks[line.hook_id]
        hook.tries, hook.leased, hook.done = line.tries, line.leased, line.done
        hook.due = line.due or hook.due


class _Line(msgspec.Struct, tag_field="do", frozen=True):
    at: datetime


class SessionMade(_Line, tag="session", frozen=True):
    """A page was asked for."""

    session: Session


class CaptureMade(_Line, tag="capture", frozen=True):
    """Money was taken (or will be, at the capture's own time)."""

    session_id: str
    capture: Capture


class SessionFailed(_Line, tag="fail", frozen=True):
    """The payer's bank said no."""

    session_id: str
    reason: str


class SessionClosed(_Line, tag="close", frozen=True):
    """The merchant wants no more money for it."""

    session_id: str


class RefundMade(_Line, tag="refund", frozen=True):
    """Money was given back, or could not be."""

    refund: Refund


class HookMade(_Line, tag="hook", frozen=True):
    """A webhook is to be sent."""

    hook: Hook


class HookTried(_Line, tag="tried", frozen=True):
    """A webhook was taken in hand (`leased`), sent, put off (`due`) or given up (`done`)."""

    hook_id: str
    tries: int
    leased: datetime | None = None
    due: datetime | None = None
    done: str = ""


Line = SessionMade | CaptureMade | SessionFailed | SessionClosed | RefundMade | HookMade | HookTried
