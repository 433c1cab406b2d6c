"""Deliver: claim the head of each stream, call the plug outside any transaction, record."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import structlog

from app.conversations.read import windows_of
from app.core.errors import CredentialsBad, NeverSend, RecipientGone, TryLater
from app.core.outbound import Answered, Body, Call, ChannelSend, Limits
from app.core.ports import Account, Channel, Gateway
from app.core.sending import rule_against
from app.edge.http import OutcomeUnknown, perform
from app.edge.text import plain
from app.engine.contract import Engine
from app.merchants.pause_account import pause_account
from app.merchants.read import account_by_id, parked_accounts
from app.outbox.claim import Claimed, claim
from app.worker.verdict import Policy, Verdict, policy_for, settle, verdict_of

AT_ONCE = 50  # sends under way in one process
PER_ACCOUNT = 20  # of one account: a slow platform must not take them all

log = structlog.get_logger()


@dataclass(frozen=True)
class Plugs:
    """Everything that can be called, by the channel name of an outbox row."""

    channels: Mapping[str, Channel]
    gateways: Mapping[str, Gateway]

    def limits_of(self, channel: str) -> Limits | None:
        """A channel's rules; None for a gateway, which takes an idempotency key."""
        found = self.channels.get(channel)
        return found.limits if found is not None else None

    def policy_of(self, row: Claimed) -> Policy:
        """How attempts of this row go on."""
        limits = self.limits_of(row.channel)
        if limits is not None:
            return policy_for(limits, row)
        return Policy(self.gateways[row.channel].retries)


class Deliver:
    """The loop that talks to the network. Any number of processes may run one."""

    def __init__(self, engine: Engine, plugs: Plugs, client: httpx.AsyncClient) -> None:
        self._engine = engine
        self._plugs = plugs
        self._client = client
        self._busy: Counter[str] = Counter()

    async def once(self, limit: int = AT_ONCE) -> int:
        """Claims and sends until the claimed are over; how many there were."""
        claimed = await self.claim(limit)
        await asyncio.gather(*(self.send(one, account, window) for one, account, window in claimed))
        return len(claimed)

    async def claim(self, limit: int) -> list[tuple[Claimed, Account | None, datetime | None]]:
        """Leases up to `limit` rows, each with its account and the end of its chat's window."""
        full = [account for account, count in self._busy.items() if count >= PER_ACCOUNT]
        async with self._engine.write() as unit:
            parked = await parked_accounts(unit, unit.now)
            rows = await claim(unit, limit, parked=parked, busy=full)
            accounts = {
                account_id: await account_by_id(unit, account_id)
                for account_id in sorted({row.account_id for row in rows})
            }
            windows = await windows_of(unit, {row.lane_id for row in rows if row.lane_id})
        found = [(row, accounts[row.account_id], windows.get(row.lane_id or "")) for row in rows]
        await self._engine.faults.reach("deliver.claimed")
        for row, _, _ in found:
            self._busy[row.account_id] += 1
        return found

    async def send(self, row: Claimed, account: Account | None, window: datetime | None) -> None:
        """Sends one claimed row and records what became of it."""
        try:
            verdict = await self._try(row, account, window)
            await self._engine.faults.reach("deliver.before_record")
            async with self._engine.write() as unit:
                if verdict.pause is not None and account is not None:
                    state, until = verdict.pause
                    await pause_account(unit, account.id, state, until)
                await settle(unit, row, verdict)
            await self._engine.faults.reach("deliver.recorded")
        finally:
            self._busy[row.account_id] -= 1

    async def _try(self, row: Claimed, account: Account | None, window: datetime | None) -> Verdict:
        now = self._engine.clock.now()
        refusal = await self._refusal(row, account, window, now)
        if refusal is not None:
            return refusal
        assert account is not None  # noqa: S101 - `_refusal` has answered for a missing one
        policy = self._plugs.policy_of(row)
        try:
            answered = await self._call(row, account, now)
        except (TryLater, NeverSend, RecipientGone, CredentialsBad, OutcomeUnknown) as error:
            return verdict_of(row, policy, error, self._engine.clock.now())
        except Exception as error:  # a plug's defect must not stop the loop; the row keeps it
            log.exception("deliver.plug_failed", outbox=row.id, channel=row.channel)
            return verdict_of(row, policy, NeverSend(f"plug failed: {error!r}"), now)
        return Verdict("sent", answered=answered)

    async def _refusal(
        self, row: Claimed, account: Account | None, window: datetime | None, now: datetime
    ) -> Verdict | None:
        if row.unknown_before and row.seen_as:
            return Verdict("sent", answered=Answered(row.seen_as), error="settled by its echo")
        if row.expires_at is not None and now >= row.expires_at:
            return Verdict(
                "expired", rule="deadline", error="its deadline passed before it could go"
            )
        if row.depends is not None and row.depends != "sent":
            return Verdict("dropped", error="what it belongs to was not sent")
        if account is None:
            return Verdict("dead", error="its account is gone")
        limits = self._plugs.limits_of(row.channel)
        if limits is None or not isinstance(row.job, ChannelSend):
            return None
        rule = rule_against(row.job, limits, window, now)
        if rule is not None:
            return Verdict("refused", rule=rule, error=f"the platform's rule: {rule}")
        delay = await self._budget(row, limits)
        if delay > 0:
            return Verdict("queued", next_at=now + timedelta(seconds=delay), error="rate")
        return None

    async def _budget(self, row: Claimed, limits: Limits) -> float:
        limiter = self._engine.limiter
        job = row.job
        private = isinstance(job, ChannelSend) and job.destination.to == "comment-private"
        if private and limits.comment_replies_per_hour is not None:
            per_hour = limits.comment_replies_per_hour
            delay = await limiter.delay(f"replies:{row.account_id}", per_hour, 3600)
            if delay > 0:
                return delay
        per_second = max(1, int(limits.sends_per_second))
        return await limiter.delay(f"sends:{row.account_id}", per_second, 1)

    async def _call(self, row: Claimed, account: Account, now: datetime) -> Answered:
        """Calls the plug; a template that the platform refuses is tried once more as plain text."""
        try:
            return await self._perform(row, account, now)
        except NeverSend as refusal:
            if refusal.rule != "template" or not isinstance(row.job, ChannelSend):
                raise
            limits = self._plugs.channels[row.channel].limits
            job = ChannelSend(row.job.destination, plain(row.job.message, limits), row.job.purpose)
            return await self._perform(row, account, now, job)

    async def _perform(
        self, row: Claimed, account: Account, now: datetime, job: ChannelSend | None = None
    ) -> Answered:
        key = f"{row.shop_id}-{row.id}"
        channel = self._plugs.channels.get(row.channel)
        made: Call | Body
        if channel is not None and isinstance(row.job, ChannelSend):
            made = channel.send(job or row.job, account, key)
        else:
            made = self._plugs.gateways[row.channel].call(row.job, account, key, now)
        if isinstance(made, Body):
            return Answered(reference=key)  # a page reads the row itself: it is there already
        return await perform(self._client, made, self._engine.faults)
