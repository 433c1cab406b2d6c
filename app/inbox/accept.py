"""Insert-once with group commit: while one flush is under way the next batch gathers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby

from app.core.errors import Unavailable
from app.db.unit import Unit
from app.engine.contract import Engine, Flush
from app.inbox.arrival import Arrival
from app.inbox.models import alias, inbox, inbox_key, lane

BELL = "inbox"
BATCH = 256  # rows a flush takes at most
BOUND = 5000  # rows that may wait before the receiver says 503
KNOWN = 50_000  # addresses remembered as having a lane

KEY = ("shop_id", "channel", "account", "key")
ROW = (
    "shop_id", "channel", "account", "key", "address", "kind", "event", "raw", "extra",
    "occurred_at", "received_at", "status", "note", "attempts",
)  # fmt: skip

Waiting = tuple[Sequence[Arrival], asyncio.Future[list[int | None]]]


def _key(arrival: Arrival) -> tuple[str, str, str, str]:
    return arrival.shop_id, arrival.channel, arrival.account, arrival.key


def has_lane_of_its_own(address: str) -> bool:
    """Does this address make a lane? Payments and house events belong to lanes made before."""
    return bool(address) and not address.startswith(("pay:", "lane:"))


class Acceptor:
    """The only way into the inbox for what comes from outside.

    `accept` returns when its events are durable. Several writers flush in parallel where the engine
    says that pays.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: list[Waiting] = []
        self._rows = 0
        self._flushing = 0
        self._known: dict[tuple[str, str], None] = {}

    async def accept(self, arrivals: Sequence[Arrival]) -> list[int | None]:
        """Stores the new ones; their inbox ids, None for each that was there already.

        Raises `Unavailable` when too much is waiting or the database does not answer.
        """
        if not arrivals:
            return []
        if self._rows + len(arrivals) > BOUND:
            raise Unavailable("Too many events are waiting; send again shortly.", after=1)
        future: asyncio.Future[list[int | None]] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrivals, future))
        self._rows += len(arrivals)
        if self._flushing < self._engine.writers:
            self._flushing += 1
            task = asyncio.get_running_loop().create_task(self._flush_all())
            future.add_done_callback(lambda _: task)  # keeps the task alive
        return await asyncio.shield(future)

    async def _flush_all(self) -> None:
        try:
            while self._waiting:
                batch = self._take()
                await self._flush_batch(batch)
        finally:
            self._flushing -= 1

    def _take(self) -> list[Waiting]:
        taken, rows = 0, 0
        for arrivals, _ in self._waiting:
            if taken and rows + len(arrivals) > BATCH:
                break
            taken, rows = taken + 1, rows + len(arrivals)
        batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
        self._rows -= rows
        return batch

    async def _flush_batch(self, batch: list[Waiting]) -> None:
        try:
            stored = await self._store([one for arrivals, _ in batch for one in arrivals])
        except Exception as error:
            await self._after_failure(batch, error)
            return
        except BaseException as error:
            self._refuse(batch, error)
            raise
        for arrivals, future in batch:
            if not future.done():
                future.set_result([stored.pop(_key(one), None) for one in arrivals])
        await self._engine.bell.ring(BELL)

    async def _after_failure(self, batch: list[Waiting], error: Exception) -> None:
        """One bad row must fail only its own request: the others are stored one by one."""
        if len(batch) > 1 and not self._engine.transient(error):
            for waiting in batch:
                await self._flush_batch([waiting])
            return
        self._refuse(batch, error)

    @staticmethod
    def _refuse(batch: list[Waiting], error: BaseException) -> None:
        for _, future in batch:
            if not future.done():
                refusal = Unavailable("The event could not be stored; send it again.", after=2)
                refusal.__cause__ = error
                future.set_exception(refusal)

    async def _store(self, arrivals: Sequence[Arrival]) -> dict[tuple[str, ...], int]:
        # Sorted by key: two writers that hold some of each other's keys must not deadlock.
        unique = {_key(one): one for one in sorted(arrivals, key=_key, reverse=True)}
        ordered = sorted(unique.values(), key=_key)
        async with self._engine.flush() as flush:
            fresh = await flush.insert_once(
                inbox_key, (*KEY, "received_at"), [(*_key(a), a.received_at) for a in ordered], KEY
            )
            new = [unique[tuple(key)] for key in fresh]
            if not new:
                return {}
            await self._make_lanes(flush, new)
            values = [
                (*_key(a), a.address, a.kind, a.event, a.raw, a.extra, a.occurred_at,
                 a.received_at, a.status, a.note, 0)
                for a in new
            ]  # fmt: skip
            rows = await flush.insert_once(inbox, ROW, values, ("id", *KEY))
        for one in new:
            self._remember((one.shop_id, one.address))
        return {tuple(row[1:]): row[0] for row in rows}

    async def _make_lanes(self, flush: Flush, new: Sequence[Arrival]) -> None:
        wanted = {
            (a.shop_id, a.address): a
            for a in new
            if has_lane_of_its_own(a.address) and (a.shop_id, a.address) not in self._known
        }
        if not wanted:
            return
        ids = self._engine.ids
        rows = [
            (shop, address, ids.new("ln", a.received_at))
            for (shop, address), a in sorted(wanted.items())
        ]
        made = await flush.insert_once(
            alias, ("shop_id", "address", "lane_id"), rows, ("shop_id", "lane_id", "address")
        )
        if not made:
            return
        await flush.insert_once(
            lane,
            ("id", "shop_id", "token", "retry_at", "created_at"),
            [
                (lane_id, shop, ids.token(), when, when)
                for shop, lane_id, address in made
                for when in (wanted[shop, address].received_at,)
            ],
            ("id",),
        )
        await flush.insert_once(
            alias,
            ("shop_id", "address", "lane_id"),
            [(shop, f"lane:{lane_id}", lane_id) for shop, lane_id, _ in made],
            ("lane_id",),
        )

    def _remember(self, address: tuple[str, str]) -> None:
        if len(self._known) >= KNOWN:
            for old in list(self._known)[: KNOWN // 2]:
                del self._known[old]
        self._known[address] = None


async def put(unit: Unit, arrivals: Sequence[Arrival]) -> list[int | None]:
    """The same insert-once inside a transaction under way: for what the house itself reports."""
    ids: list[int | None] = []
    for _, group in groupby(arrivals, key=_key):
        one = next(group)
        key = dict(zip(KEY, _key(one), strict=True))
        if await unit.insert_once(inbox_key, {**key, "received_at": one.received_at}, KEY) is None:
            ids.append(None)
            continue
        values = {name: getattr(one, name) for name in ROW if name != "attempts"}
        row = await unit.row(inbox.insert().values(**values, attempts=0).returning(inbox.c.id))
        ids.append(int(row[0]) if row else None)
    unit.ring(BELL)
    return ids
