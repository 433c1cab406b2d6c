"""Pieces kept for a shopper: all or none, in place of what was kept, and only for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.catalog.hold import has_live_hold, hold_for_order, hold_stock
from app.catalog.models import variant
from app.catalog.put import retire_product
from app.catalog.read import free_stock
from app.catalog.release import expire_holds, move_lane_holds, release_holds, release_order
from app.catalog.store import stock
from app.core.dialog.wants import Held, HoldRefused
from app.core.errors import Rejected
from tests.conftest import START
from tests.factories.catalog import open_stall, shelf, sound

UNTIL = START + timedelta(minutes=15)


@pytest.fixture
async def stall(engine):
    stall = await open_stall(engine, black=10, white=1)
    yield stall
    async with engine.read() as unit:
        assert await sound(unit)


async def hold(engine, stall, lane="lane-1", until=UNTIL, **lines):
    async with engine.write() as unit:
        wanted = [(stall.variants[sku], quantity) for sku, quantity in lines.items()]
        return await hold_stock(unit, stall.shop_id, lane, wanted, until)


async def hold_order(engine, stall, order="ord-1", lane="lane-1", until=UNTIL, **lines):
    async with engine.write() as unit:
        wanted = [(stall.variants[sku], quantity) for sku, quantity in lines.items()]
        return await hold_for_order(unit, stall.shop_id, lane, order, wanted, until)


async def test_what_is_kept_is_not_free(engine, stall):
    assert await hold(engine, stall, black=3, white=1) == Held(UNTIL)
    assert await shelf(engine, stall) == {"black": (10, 3), "white": (1, 1)}
    async with engine.read() as unit:
        free = await free_stock(unit, stall.shop_id, [stall.product_id])
        assert free == {stall.variants["black"]: 7, stall.variants["white"]: 0}
        assert await free_stock(unit, stall.shop_id, []) == {}


async def test_a_new_hold_takes_the_place_of_the_old(engine, stall):
    await hold(engine, stall, black=3, white=1)
    assert await hold(engine, stall, black=10) == Held(UNTIL)
    assert await shelf(engine, stall) == {"black": (10, 10), "white": (1, 0)}
    await hold(engine, stall, black=2)
    assert await shelf(engine, stall) == {"black": (10, 2), "white": (1, 0)}


async def test_all_or_none(engine, stall):
    await hold(engine, stall, "lane-2", white=1)
    refused = await hold(engine, stall, black=3, white=1)
    assert refused == HoldRefused({stall.variants["white"]: 0})
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (1, 1)}


async def test_refused_what_was_kept_stays_and_counts_as_free_for_its_owner(engine, stall):
    await hold(engine, stall, black=4)
    await hold(engine, stall, "lane-2", black=3)
    assert await hold(engine, stall, black=8) == HoldRefused({stall.variants["black"]: 7})
    assert await shelf(engine, stall) == {"black": (10, 7), "white": (1, 0)}
    assert await hold(engine, stall, black=7) == Held(UNTIL)


async def test_lines_of_one_variant_are_counted_together(engine, stall):
    async with engine.write() as unit:
        twice = [(stall.variants["black"], 6), (stall.variants["black"], 5)]
        refused = await hold_stock(unit, stall.shop_id, "lane-1", twice, UNTIL)
    assert refused == HoldRefused({stall.variants["black"]: 10})


@pytest.mark.parametrize("quantity", [0, -1])
async def test_less_than_one_piece_is_no_line(engine, stall, quantity):
    with pytest.raises(Rejected):
        await hold(engine, stall, black=quantity)
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (1, 0)}


async def test_another_shops_piece_cannot_be_kept(engine, stall):
    other = await open_stall(engine, "other", black=5)
    async with engine.write() as unit:
        lines = [(stall.variants["black"], 1)]
        refused = await hold_stock(unit, other.shop_id, "lane-1", lines, UNTIL)
    assert refused == HoldRefused({stall.variants["black"]: 0})


async def test_what_was_taken_off_sale_is_not_kept_anew_but_stays_kept(engine, stall):
    await hold(engine, stall, black=2)
    async with engine.write() as unit:
        await retire_product(unit, stall.shop_id, "moon-mug")
    assert await hold_order(engine, stall, black=2) == Held(UNTIL)
    refused = await hold(engine, stall, "lane-2", black=1)
    assert refused == HoldRefused({stall.variants["black"]: 0})


async def test_an_order_takes_over_what_the_cart_keeps(engine, stall):
    await hold(engine, stall, black=2, white=1)
    assert await hold_order(engine, stall, black=3) == Held(UNTIL)
    assert await shelf(engine, stall) == {"black": (10, 3), "white": (1, 0)}
    async with engine.write() as unit:
        assert await release_holds(unit, stall.shop_id, "lane-1") == 0
        assert await has_live_hold(unit, stall.shop_id, "lane-1")


async def test_asked_again_an_order_extends_its_hold(engine, stall, clock):
    await hold_order(engine, stall, black=3)
    later = UNTIL + timedelta(minutes=10)
    assert await hold_order(engine, stall, until=later, black=3) == Held(later)
    clock.moment = UNTIL
    async with engine.write() as unit:
        assert await expire_holds(unit) == 0
    assert await shelf(engine, stall) == {"black": (10, 3), "white": (1, 0)}


async def test_an_unpaid_order_and_a_new_cart_may_want_the_same(engine, stall):
    await hold_order(engine, stall, black=3)
    await hold(engine, stall, black=4)
    assert await shelf(engine, stall) == {"black": (10, 7), "white": (1, 0)}
    async with engine.write() as unit:
        assert await release_order(unit, stall.shop_id, "ord-1") == 1
    assert await shelf(engine, stall) == {"black": (10, 4), "white": (1, 0)}


async def test_what_is_over_becomes_free_the_oldest_first(engine, stall, clock):
    await hold(engine, stall, "lane-1", until=UNTIL, black=2)
    await hold(engine, stall, "lane-2", until=UNTIL + timedelta(minutes=1), black=3)
    await hold(engine, stall, "lane-3", until=UNTIL + timedelta(minutes=9), black=4)
    clock.moment = UNTIL + timedelta(minutes=1)
    async with engine.write() as unit:
        assert await expire_holds(unit, 1) == 1
        assert not await has_live_hold(unit, stall.shop_id, "lane-1")
        assert await has_live_hold(unit, stall.shop_id, "lane-2")
    async with engine.write() as unit:
        assert await expire_holds(unit, 9) == 1
    assert await shelf(engine, stall) == {"black": (10, 4), "white": (1, 0)}


async def test_released_twice_is_released_once(engine, stall):
    await hold(engine, stall, black=2)
    async with engine.write() as unit:
        assert await release_holds(unit, stall.shop_id, "lane-1") == 1
        assert await release_holds(unit, stall.shop_id, "lane-1") == 0
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (1, 0)}


async def test_of_two_chats_that_are_one_the_orders_holds_follow(engine, stall):
    await hold_order(engine, stall, lane="lane-1", black=2)
    await hold(engine, stall, "lane-1", white=1)
    await hold(engine, stall, "lane-2", black=1)
    async with engine.write() as unit:
        await move_lane_holds(unit, stall.shop_id, "lane-1", "lane-2")
        assert not await has_live_hold(unit, stall.shop_id, "lane-1")
    assert await shelf(engine, stall) == {"black": (10, 3), "white": (1, 0)}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"held": variant.c.on_hand + 1},
        {"held": -1},
        {"on_hand": -1},
        {"on_hand": variant.c.held - 1},
        {"price": -1},
    ],
    ids=["more held", "held below zero", "fewer than none", "fewer than held", "price below zero"],
)
async def test_the_table_itself_refuses_nonsense(engine, stall, nonsense):
    with pytest.raises(IntegrityError):
        async with engine.write() as unit:
            await unit.run(update(variant).values(**nonsense))


async def test_one_cart_keeps_a_variant_once(engine, stall):
    await hold(engine, stall, black=1)
    with pytest.raises(IntegrityError):
        async with engine.write() as unit:
            await unit.run(
                text(
                    "INSERT INTO hold (id, shop_id, lane_id, variant_id, quantity, expires_at,"
                    " status, created_at) SELECT 'again', shop_id, lane_id, variant_id, quantity,"
                    " expires_at, status, created_at FROM hold"
                )
            )


async def test_a_hold_that_ended_stays_as_it_ended(engine, stall):
    await hold(engine, stall, black=2)
    async with engine.write() as unit:
        [row] = await stock.holds_of_lane(unit, stall.shop_id, "lane-1")
        await release_holds(unit, stall.shop_id, "lane-1")
        assert await stock.end_holds(unit, [row.id], stock.CONSUMED) == 0
