"""The way out: order per stream, leases, and a fence against senders that slept."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from app.core.outbound import Answered, ChannelSend, Destination, Message
from app.engine.contract import Engine
from app.outbox.claim import LEASE, Claimed, claim, record
from app.outbox.enqueue import Route, enqueue
from app.outbox.models import outbox
from app.outbox.streams import close_stream

HELLO = ChannelSend(Destination("chat", recipient="mina"), Message("hello"))


async def put(engine: Engine, key: str, stream: str = "chat:ln_1", **more) -> int | None:
    async with engine.write() as unit:
        route = Route("shp_1", stream, "instagram", "acc_1", "ln_1")
        return await enqueue(unit, route, HELLO, key=key, **more)


async def take(engine: Engine, limit: int = 10, **more) -> list[Claimed]:
    async with engine.write() as unit:
        return await claim(unit, limit, **more)


async def end(engine: Engine, row: Claimed, status: str = "sent", **more) -> bool:
    async with engine.write() as unit:
        return await record(unit, row, status, answered=Answered(f"mid-{row.id}"), **more)


async def statuses(engine: Engine) -> dict[str, str]:
    async with engine.read() as unit:
        return {row.key: row.status for row in await unit.rows(select(outbox))}


async def test_a_key_is_queued_once(engine: Engine):
    assert await put(engine, "a") is not None
    assert await put(engine, "a") is None
    assert await statuses(engine) == {"a": "queued"}


async def test_a_stream_leaves_in_order_and_streams_do_not_wait_for_each_other(engine: Engine):
    await put(engine, "a1")
    await put(engine, "a2")
    await put(engine, "b1", stream="chat:ln_2")
    first = await take(engine)
    assert [row.key for row in first] == ["a1", "b1"]
    assert await take(engine) == []
    await end(engine, first[0])
    assert [row.key for row in await take(engine)] == ["a2"]


async def test_a_head_that_died_steps_aside(engine: Engine):
    await put(engine, "a1")
    await put(engine, "a2")
    (head,) = await take(engine)
    await end(engine, head, "dead", error="no")
    assert [row.key for row in await take(engine)] == ["a2"]


async def test_a_head_that_must_wait_holds_its_stream(engine: Engine, clock):
    await put(engine, "a1")
    await put(engine, "a2")
    (head,) = await take(engine)
    await end(engine, head, "queued", next_at=clock.now() + timedelta(seconds=60))
    assert await take(engine) == []
    clock.moment += timedelta(seconds=61)
    assert [row.key for row in await take(engine)] == ["a1"]


async def test_two_senders_never_claim_one_row(engine: Engine):
    for number in range(12):
        await put(engine, f"a{number}", stream=f"chat:{number}")
    both = await asyncio.gather(take(engine, 12), take(engine, 12))
    keys = [row.key for rows in both for row in rows]
    assert len(keys) == len(set(keys))


async def test_a_sender_that_slept_past_its_lease_records_nothing(engine: Engine, clock):
    await put(engine, "a1")
    (slept,) = await take(engine)
    clock.moment += LEASE + timedelta(seconds=1)
    (second,) = await take(engine)
    assert second.unknown_before
    assert await end(engine, second) is True
    assert await end(engine, slept, "dead", error="late word") is False
    assert await statuses(engine) == {"a1": "sent"}


async def test_a_row_waits_for_the_one_it_depends_on(engine: Engine):
    await put(engine, "private", stream="comment:1")
    await put(engine, "public", stream="public:1", depends_on="private")
    (private,) = await take(engine)
    assert private.key == "private"
    assert await take(engine) == []
    await end(engine, private)
    (public,) = await take(engine)
    assert (public.key, public.depends) == ("public", "sent")


async def test_parked_accounts_keep_their_rows(engine: Engine):
    await put(engine, "a1")
    assert await take(engine, parked={"acc_1"}) == []
    assert await statuses(engine) == {"a1": "queued"}


async def test_closing_a_stream_leaves_others_alone(engine: Engine):
    await put(engine, "a1")
    await put(engine, "b1", stream="chat:ln_2")
    async with engine.write() as unit:
        await close_stream(unit, "chat:ln_1", "gone")
    assert await statuses(engine) == {"a1": "dead", "b1": "queued"}
