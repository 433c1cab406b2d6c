"""What becomes of an attempt to send: the four plug errors and the unknown outcome, decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.conversations.report import report
from app.core.errors import CredentialsBad, DangolError, NeverSend, RecipientGone, TryLater
from app.core.outbound import Answered, ChannelSend, Limits
from app.db.unit import Unit
from app.edge.http import OutcomeUnknown
from app.merchants.pause_account import State
from app.outbox.claim import Claimed, record
from app.outbox.streams import close_stream

REPEAT_AFTER = 15  # seconds before the one marked repeat on channels without key or echo
# Refusals that mean, after an attempt whose end nobody saw, that the first one arrived.
TAKEN_BEFORE = frozenset({"one-private-reply-per-comment", "duplicate-text"})


@dataclass(frozen=True)
class Policy:
    """How a plug's attempts go on: seconds between them, and what an unknown outcome means."""

    retries: tuple[float, ...]
    unknown: str = "retry-key"
    echo_wait: int = 30


def policy_for(limits: Limits, row: Claimed) -> Policy:
    """A channel's policy for this row: an answer to a comment is once by nature on some."""
    job = row.job
    comment = isinstance(job, ChannelSend) and job.destination.to != "chat"
    unknown = limits.comment_unknown_outcome if comment else limits.unknown_outcome
    return Policy(limits.retries, unknown, limits.echo_wait)


@dataclass(frozen=True)
class Verdict:
    """What to write into the row, and whether its account must rest or its person is gone."""

    status: str
    answered: Answered | None = None
    next_at: datetime | None = None
    rule: str | None = None
    error: str = ""
    failures: int | None = None
    repeats: int | None = None
    pause: tuple[State, datetime | None] | None = None
    gone: bool = False


def verdict_of(row: Claimed, policy: Policy, error: DangolError, now: datetime) -> Verdict:
    """Decides what a failed attempt means."""
    match error:
        case CredentialsBad():
            # The row is not at fault: it waits until the merchant has connected the account again.
            return Verdict("queued", next_at=now, error=error.text, pause=("needs-reauth", None))
        case RecipientGone():
            return Verdict("dead", error=error.text, rule="recipient-gone", gone=True)
        case NeverSend(rule=rule):
            if rule in TAKEN_BEFORE and (row.unknown_before or row.repeats or row.failures):
                return Verdict("sent", error="the platform says it was taken before")
            return Verdict("refused" if rule else "dead", rule=rule, error=error.text)
        case OutcomeUnknown():
            return _unknown(row, policy, error, now)
        case TryLater(after=after, whole_account=whole):
            return _later(row, policy, error, now, after, whole)
    return Verdict("dead", error=error.text)


def _later(
    row: Claimed, policy: Policy, error: DangolError, now: datetime, after: float | None,
    whole_account: bool = False,
) -> Verdict:  # fmt: skip
    if row.failures >= len(policy.retries):
        return Verdict("dead", error=f"gave up after {row.failures} tries: {error.text}")
    wait = after if after is not None else policy.retries[row.failures]
    until = now + timedelta(seconds=wait)
    return Verdict(
        "queued",
        next_at=until,
        error=error.text,
        failures=row.failures + 1,
        pause=("paused", until) if whole_account else None,
    )


def _unknown(row: Claimed, policy: Policy, error: DangolError, now: datetime) -> Verdict:
    """The request left and no answer came: recorded as unknown, never guessed."""
    if policy.unknown == "retry-key":
        return _later(row, policy, error, now, None)
    if policy.unknown == "once-by-nature":  # asking again is safe: the platform takes only one
        later = _later(row, policy, error, now, None)
        status = "unknown" if later.status == "dead" else "waiting"
        return replace(later, status=status, repeats=1)
    if row.repeats or row.unknown_before:
        return Verdict("unknown", error=f"no answer twice: {error.text}", repeats=1)
    wait = policy.echo_wait if policy.unknown == "echo" else REPEAT_AFTER
    return Verdict("waiting", next_at=now + timedelta(seconds=wait), error=error.text, repeats=1)


async def settle(unit: Unit, row: Claimed, verdict: Verdict) -> None:
    """Writes the verdict unless a later attempt took the row over; reports what must be known."""
    repeats = verdict.repeats
    if repeats is None and row.unknown_before:
        repeats = max(1, row.repeats)
    mine = await record(
        unit, row, verdict.status, answered=verdict.answered, next_at=verdict.next_at,
        rule=verdict.rule, error=verdict.error, failures=verdict.failures, repeats=repeats,
    )  # fmt: skip
    if not mine:
        return
    if verdict.gone and row.stream.startswith("chat:"):
        await close_stream(unit, row.stream, "the person cannot be reached")
    if verdict.status not in ("queued", "waiting"):
        await report(unit, row, verdict.status, verdict.answered, verdict.error, verdict.rule)
