"""A membership store posts nothing to us."""

from __future__ import annotations

from app.core.ports import Account, Refused, Request


def verify(request: Request, account: Account) -> Refused:
    """Refuses whatever comes: there is nothing a store could have to say."""
    return Refused(f"{account.channel} takes hand-offs and posts no events ({request.method[:10]})")
