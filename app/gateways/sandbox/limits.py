"""The sandbox's rules as data: the plug and the provider itself read them here."""

from __future__ import annotations

# Seconds between attempts of a call. The key of a call is kept by the provider for good, so that it
# may be repeated for a day; after that a person looks at it.
RETRIES: tuple[float, ...] = (1, 3, 10, 30, 60, 300, 900, 1800, *(3600,) * 23)

TIMEOUT = 10.0  # seconds a call may take
SMALLEST = 1  # minor units
LARGEST = 10**12
TITLE = 200  # characters of a title that the page shows

# What the provider does with its own webhooks: seconds between attempts, then it gives up and only
# a question finds the payment.
HOOK_RETRIES: tuple[float, ...] = (1, 2, 5, 15, 60, 300, 900, 3600)
HOOK_TIMEOUT = 5.0
HOOK_LEASE = 15.0  # a hook in the hands of a process that died is free again after this
DELAY = 20.0  # seconds that `delay` waits before the money comes
