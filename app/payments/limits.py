"""How often a provider is asked what became of a payment."""

from __future__ import annotations

from datetime import datetime, timedelta

# The return page and the webhook are usually seconds away, so the first question comes early; after
# the session has ended the provider must know, so one question falls just then.
POLLS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900, 3600))
AFTER_EXPIRY = timedelta(seconds=15)
GIVE_UP = timedelta(hours=24)  # after the session's end; then only the provider itself can tell us
USABLE = timedelta(seconds=60)  # a session that ends sooner is not shown to a shopper again
OVERDUE = timedelta(seconds=90)  # an order this long past its time is expired without its shopper


def next_poll(now: datetime, polls: int, expires_at: datetime) -> datetime | None:
    """When to ask next after `polls` questions, None when there is no more asking."""
    if now >= expires_at + GIVE_UP:
        return None
    due = now + POLLS[min(polls, len(POLLS) - 1)]
    end = expires_at + AFTER_EXPIRY
    return end if now < end < due else due
