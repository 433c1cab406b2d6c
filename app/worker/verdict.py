"""What becomes of an attempt to send: the four plug errors and the unknown outcome, decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.conversations.report import report_answer, report_send
from app.core.errors import CredentialsBad, NeverSend, RecipientGone, TryLater
from app.core.outbound import Answered, ChannelSend, HandOff, Limits
from app.db.unit import Unit
from app.edge.http import OutcomeUnknown
from app.gatewaysdata import HAND_OFF_RETRIES
from app.outbox.claim import Claimed, record
from app.outbox.streams import close_stream

# Seconds between attempts; a platform's own wish (`retry-after`) goes first.
CHAT_RETRIES = (1, 5, 15, 60, 300, 900, 1800, 3600)
PAY_RETRIES = (1, 2, 5, 15, 60, 300, 900, 3600, 3600, 3600)
REPEAT_AFTER = 15  # seconds before the one marked repeat on channels without key or echo


@dataclass(frozen=True)
class Verdict:
    """What to write into the row, and whether the account must rest."""

    status: str
    answered: Answered | None = None
    next_at: datetime | None = None
    rule: str | None = None
    error: str = ""
    repeats: int | None = None
    pause: tuple[str, datetime | None] | None = None
    gone: bool = False
