"""How a membership store is called, as data."""

from __future__ import annotations

MINUTE = 60
HOUR = 60 * MINUTE

# Seconds between attempts: ten in a little over three days, then the row is a dead letter that a
# person may send again.
RETRIES: tuple[float, ...] = (
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
TIMEOUT = 15.0  # seconds the store has to answer
LONGEST_WAIT = 24 * HOUR  # a store may not put us off any longer than this
