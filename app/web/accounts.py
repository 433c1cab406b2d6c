"""Accounts at hand for the receiver: looked up once every few seconds, not once per webhook."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.ports import Account
from app.engine.contract import Engine
from app.merchants.pause_account import touch_account
from app.merchants.read import account_at

FRESH = timedelta(seconds=5)
TOUCH = timedelta(seconds=60)


class AccountBook:
    """A short memory of accounts. Unknown ones are not remembered: a new one works at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, str], tuple[Account, datetime]] = {}
        self._touched: dict[str, datetime] = {}

    async def find(self, channel: str, external_id: str, *, afresh: bool = False) -> Account | None:
        """The account, None when nobody connected it. `afresh` looks it up again (a new secret)."""
        now = self._engine.clock.now()
        known = self._known.get((channel, external_id))
        if known is not None and not afresh and known[1] > now:
            return known[0]
        async with self._engine.read() as unit:
            account = await account_at(unit, channel, external_id)
        if account is None:
            self._known.pop((channel, external_id), None)
            return None
        self._known[channel, external_id] = (account, now + FRESH)
        return account

    async def seen(self, account: Account) -> None:
        """Notes that an event came, at most once a minute."""
        now = self._engine.clock.now()
        last = self._touched.get(account.id)
        if last is not None and now - last < TOUCH:
            return
        self._touched[account.id] = now
        async with self._engine.write() as unit:
            await touch_account(unit, account.id)
