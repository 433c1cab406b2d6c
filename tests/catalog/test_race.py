"""Two hundred people want one of ten pieces at the same moment: ten get one, and are told so."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta

from app.catalog.consume import consume_order
from app.catalog.hold import hold_for_order, hold_stock
from app.catalog.read import movements_of
from app.catalog.release import expire_holds, release_holds
from app.core.dialog.wants import Held
from tests.conftest import START
from tests.factories.catalog import open_stall, shelf, sound

BUYERS = 200
PIECES = 10
UNTIL = START + timedelta(minutes=15)


async def retried(engine, work):
    """As the worker does: what the engine calls transient is done again."""
    for _ in range(20):
        try:
            async with engine.write() as unit:
                return await work(unit)
        except Exception as error:
            if not engine.transient(error):
                raise
    raise AssertionError("twenty times in a row")


async def test_two_hundred_buyers_ten_pieces(engine):
    stall = await open_stall(engine, black=PIECES)
    black = stall.variants["black"]

    async def buy(number: int) -> str:
        lane, order = f"lane-{number}", f"order-{number}"

        async def kept(unit):
            return await hold_stock(unit, stall.shop_id, lane, [(black, 1)], UNTIL)

        async def ordered(unit):
            return await hold_for_order(unit, stall.shop_id, lane, order, [(black, 1)], UNTIL)

        async def paid(unit):
            return await consume_order(unit, stall.shop_id, order, [(black, 1)])

        if not isinstance(await retried(engine, kept), Held):
            return "sold out"
        assert isinstance(await retried(engine, ordered), Held)
        assert await retried(engine, paid)
        return "bought"

    outcomes = Counter(await asyncio.gather(*(buy(number) for number in range(BUYERS))))
    assert outcomes == {"bought": PIECES, "sold out": BUYERS - PIECES}
    assert await shelf(engine, stall) == {"black": (0, 0)}
    async with engine.read() as unit:
        assert await sound(unit)
        book = await movements_of(unit, stall.shop_id, limit=BUYERS)
    assert Counter(row.reason for row in book) == {"opening": 1, "sold": PIECES}


async def test_buyers_of_several_things_who_change_their_minds(engine, clock):
    """Mixed carts in any order of lines, given up, run out and paid: nothing is lost or doubled."""
    stall = await open_stall(engine, black=7, white=5, celadon=3)
    chance = random.Random(11)
    plans = [
        (chance.sample(sorted(stall.variants.values()), chance.randint(1, 3)), chance.random())
        for _ in range(60)
    ]

    async def buy(number: int) -> int:
        variants, mind = plans[number]
        lane, order, lines = f"lane-{number}", f"order-{number}", [(one, 1) for one in variants]
        until = UNTIL if mind < 0.8 else START

        async def kept(unit):
            return await hold_stock(unit, stall.shop_id, lane, lines, until)

        async def given_up(unit):
            return await release_holds(unit, stall.shop_id, lane)

        async def ordered(unit):
            return await hold_for_order(unit, stall.shop_id, lane, order, lines, until)

        async def swept(unit):
            return await expire_holds(unit)

        async def paid(unit):
            return await consume_order(unit, stall.shop_id, order, lines)

        if not isinstance(await retried(engine, kept), Held):
            return 0
        if mind < 0.3:
            await retried(engine, given_up)
            return 0
        if not isinstance(await retried(engine, ordered), Held):
            return 0
        await retried(engine, swept)
        return len(lines) if await retried(engine, paid) else 0

    sold = sum(await asyncio.gather(*(buy(number) for number in range(len(plans)))))
    await retried(engine, expire_holds)
    left = await shelf(engine, stall)
    assert sum(on_hand for on_hand, _ in left.values()) == 15 - sold
    async with engine.read() as unit:
        assert await sound(unit)
