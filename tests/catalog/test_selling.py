"""From the shelf to the shopper and back: every piece is written down, none goes twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.catalog.checks import checks
from app.catalog.consume import consume_order, restock_order
from app.catalog.hold import hold_for_order, hold_stock
from app.catalog.move import move_stock
from app.catalog.read import movements_of
from app.catalog.release import expire_holds, release_order
from app.catalog.store import stock
from app.core.errors import Broken, Conflict, NotFound, Rejected
from tests.conftest import START
from tests.factories.catalog import open_stall, shelf, sound

UNTIL = START + timedelta(minutes=15)


@pytest.fixture
async def stall(engine):
    return await open_stall(engine, black=10, white=1)


def lines(stall, **wanted):
    return [(stall.variants[sku], quantity) for sku, quantity in wanted.items()]


async def keep(engine, stall, order="ord-1", **wanted):
    async with engine.write() as unit:
        return await hold_for_order(
            unit, stall.shop_id, "lane-1", order, lines(stall, **wanted), UNTIL
        )


async def consume(engine, stall, order="ord-1", **wanted):
    async with engine.write() as unit:
        return await consume_order(unit, stall.shop_id, order, lines(stall, **wanted))


async def restock(engine, stall, order="ord-1", **wanted):
    async with engine.write() as unit:
        return await restock_order(unit, stall.shop_id, order, lines(stall, **wanted), "mina")


async def book(engine, stall):
    async with engine.read() as unit:
        assert await sound(unit)
        names = {variant_id: sku for sku, variant_id in stall.variants.items()}
        rows = await movements_of(unit, stall.shop_id)
        return [(names[row.variant_id], row.delta, row.reason) for row in reversed(rows)]


async def test_a_paid_order_takes_what_was_kept_for_it(engine, stall):
    await keep(engine, stall, black=3, white=1)
    assert await consume(engine, stall, black=3, white=1)
    assert await shelf(engine, stall) == {"black": (7, 0), "white": (0, 0)}
    opening = [("black", 10, "opening"), ("white", 1, "opening")]
    sold = [("black", -3, "sold"), ("white", -1, "sold")]
    assert (await book(engine, stall))[:2] == opening
    assert sorted((await book(engine, stall))[2:]) == sold


async def test_paid_twice_it_takes_them_once(engine, stall):
    await keep(engine, stall, black=3)
    assert await consume(engine, stall, black=3)
    assert await consume(engine, stall, black=3)
    assert await shelf(engine, stall) == {"black": (7, 0), "white": (1, 0)}
    assert len(await book(engine, stall)) == 3


async def test_late_money_takes_free_pieces(engine, stall, clock):
    await keep(engine, stall, white=1)
    clock.moment = UNTIL
    async with engine.write() as unit:
        assert await expire_holds(unit) == 1
    assert await consume(engine, stall, white=1)
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (0, 0)}


async def test_late_money_for_what_is_kept_for_somebody_else_changes_nothing(engine, stall):
    await keep(engine, stall, black=2, white=1)
    async with engine.write() as unit:
        await release_order(unit, stall.shop_id, "ord-1")
        await hold_stock(unit, stall.shop_id, "lane-2", lines(stall, white=1), UNTIL)
    before = await book(engine, stall)
    assert not await consume(engine, stall, black=2, white=1)
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (1, 1)}
    assert await book(engine, stall) == before


async def test_more_than_was_kept_is_taken_if_it_is_free(engine, stall):
    await keep(engine, stall, black=2)
    assert await consume(engine, stall, black=3)
    assert await shelf(engine, stall) == {"black": (7, 0), "white": (1, 0)}
    assert await book(engine, stall)


async def test_a_refund_brings_them_back_and_never_more(engine, stall):
    await keep(engine, stall, black=3)
    await consume(engine, stall, black=3)
    assert await restock(engine, stall, black=2) == 2
    assert await restock(engine, stall, black=3) == 1
    assert await restock(engine, stall, black=3) == 0
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (1, 0)}
    assert [line for line in await book(engine, stall) if line[2] == "returned"] == [
        ("black", 2, "returned"),
        ("black", 1, "returned"),
    ]


async def test_what_was_never_sold_cannot_come_back(engine, stall):
    assert await restock(engine, stall, black=1) == 0
    assert await shelf(engine, stall) == {"black": (10, 0), "white": (1, 0)}


async def move(engine, stall, delta, reason="received", sku="black"):
    async with engine.write() as unit:
        variant_id = stall.variants.get(sku, sku)
        return await move_stock(unit, stall.shop_id, variant_id, delta, reason, "mina")


async def test_a_merchant_moves_stock(engine, stall):
    assert await move(engine, stall, 5) == 15
    assert await move(engine, stall, -1, "broken") == 14
    assert (await book(engine, stall))[2:] == [("black", 5, "received"), ("black", -1, "broken")]


async def test_what_is_kept_for_shoppers_cannot_be_moved_away(engine, stall):
    await keep(engine, stall, black=9)
    with pytest.raises(Conflict, match="9 of them kept"):
        await move(engine, stall, -2)
    assert await shelf(engine, stall) == {"black": (10, 9), "white": (1, 0)}


async def test_a_movement_says_how_much_and_why(engine, stall):
    for delta, reason in ((0, "counted"), (1, ""), (-1, "sold")):
        with pytest.raises(Rejected):
            await move(engine, stall, delta, reason)
    with pytest.raises(NotFound):
        await move(engine, stall, 1, sku="no-such-variant")


async def test_more_is_never_given_back_than_is_held(engine, stall):
    await keep(engine, stall, black=3)
    async with engine.write() as unit:
        await unit.run(text("UPDATE variant SET held = 2 WHERE sku = 'black'"))
    with pytest.raises(Broken, match="dangol audit"):
        async with engine.write() as unit:
            await release_order(unit, stall.shop_id, "ord-1")


async def test_the_book_itself_sells_to_an_order_once(engine, stall):
    await consume(engine, stall, black=3)
    black = stall.variants["black"]
    again = stock.movement(stall.shop_id, black, -3, "sold", "order", START, "ord-1")
    with pytest.raises(IntegrityError):
        async with engine.write() as unit:
            await stock.insert_movements(unit, [again])


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("UPDATE variant SET on_hand = on_hand + 1 WHERE sku = 'black'", "the book says 7"),
        ("UPDATE variant SET held = held - 1 WHERE sku = 'black'", "live holds keep 2"),
        ("DELETE FROM hold WHERE status = 'live'", "live holds keep 0"),
        ("UPDATE hold SET quantity = 3 WHERE status = 'live'", "live holds keep 3"),
        ("DELETE FROM stock_movement WHERE delta = -3", "the book says 10"),
        ("UPDATE stock_movement SET delta = 4 WHERE delta = -3", "more of variant"),
    ],
)
async def test_the_audit_finds_what_was_tampered_with(engine, stall, tamper, found):
    await keep(engine, stall, black=3)
    await consume(engine, stall, black=3)
    await keep(engine, stall, "ord-2", black=2)
    async with engine.write() as unit:
        assert await sound(unit)
        await unit.run(text(tamper))
        [finding] = await checks(unit)
    assert finding.invariant == "stock"
    assert finding.checked == 2
    assert any(found in line for line in finding.broken)
