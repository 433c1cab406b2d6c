"""Sending the provider's webhooks: signed, again until they are taken, by one process at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
from standardwebhooks.webhooks import Webhook

from app.core.clock import Clock
from app.gateways.sandbox.fake.books import Books
from app.gateways.sandbox.fake.ledger import Hook, HookTried
from app.gateways.sandbox.limits import HOOK_LEASE, HOOK_RETRIES, HOOK_TIMEOUT

FAILED = (httpx.HTTPError, httpx.InvalidURL, OSError)


class Hooks:
    """The webhooks in the book, and the task that sends them while there are any."""

    def __init__(
        self,
        books: Books,
        clock: Clock,
        client: httpx.AsyncClient,
        stamp: Clock,
        *,
        automatic: bool,
    ) -> None:
        self.drop = False
        self._books = books
        self._clock = clock
        self._client = client
        self._stamp = stamp
        self._automatic = automatic
        self._task: asyncio.Task[None] | None = None

    def kick(self) -> None:
        """Something may have to be sent."""
        idle = self._task is None or self._task.done()
        if self._automatic and idle and self._next() is not None:
            self._task = asyncio.get_running_loop().create_task(self._pump())

    async def close(self) -> None:
        """Stops the task."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def deliver_due(self) -> int:
        """Sends what is due, once each; how many were tried."""
        mine = self._claim()
        await asyncio.gather(*(self._send(hook) for hook in mine))
        return len(mine)

    async def _pump(self) -> None:
        while (wait := self._next()) is not None:
            await asyncio.sleep(min(wait, 5.0))
            await self.deliver_due()

    def _next(self) -> float | None:
        """Seconds until something is due, None when nothing is left."""
        now = self._clock.now()
        with self._books.held() as ledger:
            due = [max(hook.due, hook.leased or hook.due) for hook in ledger.hooks.values()
                   if not hook.done]  # fmt: skip
        return max(0.0, (min(due) - now).total_seconds()) if due else None

    def _claim(self) -> list[Hook]:
        """The due hooks that nobody has in hand, now in ours."""
        now = self._clock.now()
        mine = []
        with self._books.held() as ledger:
            for hook in ledger.hooks.values():
                if hook.done or hook.due > now or (hook.leased and hook.leased > now):
                    continue
                until = now + timedelta(seconds=HOOK_LEASE)
                self._books.write(HookTried(now, hook.id, hook.tries + 1, leased=until))
                mine.append(hook)
        return mine

    async def _send(self, hook: Hook) -> None:
        taken = await self._post(hook)
        now = self._clock.now()
        with self._books.held():
            if taken:
                over = HookTried(now, hook.id, hook.tries, done="sent")
            elif hook.tries > len(HOOK_RETRIES):
                over = HookTried(now, hook.id, hook.tries, done="given-up")
            else:
                due = now + timedelta(seconds=HOOK_RETRIES[hook.tries - 1])
                over = HookTried(now, hook.id, hook.tries, due=due)
            self._books.write(over)

    async def _post(self, hook: Hook) -> bool:
        stamp = self._stamp.now()
        headers = {
            "content-type": "application/json",
            "webhook-id": hook.id,
            "webhook-timestamp": str(int(stamp.timestamp())),
            "webhook-signature": Webhook(hook.signing).sign(hook.id, stamp, hook.body),
        }
        try:
            answer = await self._client.post(
                hook.url, content=hook.body.encode(), headers=headers, timeout=HOOK_TIMEOUT
            )
        except FAILED:
            return False
        return answer.is_success
