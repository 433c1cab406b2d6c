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


class Buyer:
    """Wants one of each of these; in what mind decides how it ends."""

    def __init__(self, engine, stall, number, variants, mind):
        self.engine = engine
        self.shop_id = stall.shop_id
        self.lane, self.order = f"lane-{number}", f"order-{number}"
        self.lines = [(variant_id, 1) for variant_id in variants]
        self.mind = mind
        self.until = UNTIL if mind < 0.8 else START  # some are too slow: their time is over at once

    async def do(self, verb, *rest):
        return await retried(self.engine, lambda unit: verb(unit, self.shop_id, *rest))

    async def shop(self):
        """How many pieces it bought."""
        held = await self.do(hold_stock, self.lane, self.lines, self.until)
        if self.mind < 0.3:
            await self.do(release_holds, self.lane)
            return 0
        if isinstance(held, Held):
            held = await self.do(hold_for_order, self.lane, self.order, self.lines, self.until)
        await retried(self.engine, expire_holds)
        if not isinstance(held, Held):
            return 0
        return len(self.lines) if await self.do(consume_order, self.order, self.lines) else 0


async def test_buyers_of_several_things_who_change_their_minds(engine):
    """Mixed carts in any order of lines, given up, run out and paid: nothing is lost or doubled."""
    stall = await open_stall(engine, black=7, white=5, celadon=3)
    chance = random.Random(11)
    ids = sorted(stall.variants.values())
    buyers = [
        Buyer(engine, stall, number, chance.sample(ids, chance.randint(1, 3)), chance.random())
        for number in range(60)
    ]
    sold = sum(await asyncio.gather(*(buyer.shop() for buyer in buyers)))
    await retried(engine, expire_holds)
    left = await shelf(engine, stall)
    assert sum(on_hand for on_hand, _ in left.values()) == 15 - sold
    async with engine.read() as unit:
        assert await sound(unit)


async def test_what_several_release_at_once_is_released_once(engine, clock):
    stall = await open_stall(engine, black=PIECES)
    lines = [(stall.variants["black"], 1)]
    async with engine.write() as unit:
        for number in range(5):
            await hold_stock(unit, stall.shop_id, f"lane-{number}", lines, UNTIL)
    clock.moment = UNTIL

    async def released(number):
        lane = f"lane-{number % 5}"
        return await retried(engine, lambda unit: release_holds(unit, stall.shop_id, lane))

    sweeps = [retried(engine, expire_holds) for _ in range(10)]
    assert sum(await asyncio.gather(*sweeps, *(released(number) for number in range(20)))) == 5
    assert await shelf(engine, stall) == {"black": (PIECES, 0)}
    async with engine.read() as unit:
        assert await sound(unit)
