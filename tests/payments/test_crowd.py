"""Many at once, and death at the worst moment."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from app.core.dialog.wants import OrderPlaced, OrderRefused
from app.core.errors import Conflict
from app.core.inbound import PaymentReported
from app.core.ordering import order_number
from app.db.base import metadata
from app.engine.contract import Engine
from app.engine.faults import ArmedFaults, Killed
from tests.payments.till import TOTAL, Till

SHOPPERS = 200
PIECES = 10


async def again(till: Till, do):
    """Does it again where the database asks for that, as the worker would."""
    while True:
        try:
            return await do()
        except Exception as error:
            if not till.engine.transient(error):
                raise


async def test_two_hundred_shoppers_buy_ten_pieces(engine: Engine):
    till = await Till.open(engine, stock=PIECES, store=False)
    at_once = asyncio.Semaphore(12)  # as many as a pool of connections lets through

    async def buy(name: str) -> str:
        async with at_once:
            contact = await till.shopper(name)
            placed = await again(till, lambda: till.order(contact))
            if isinstance(placed, OrderRefused):
                assert placed.free == {"var_black": 0}
                return placed.why
            assert isinstance(placed, OrderPlaced)
            payment_id = await again(till, lambda: till.pay_page(placed.order_id))
            news = await again(till, lambda: till.captured(payment_id, f"cap_{name}"))
            assert isinstance(news, str)
            return news

    ended = await asyncio.gather(*(buy(f"lan_{number}") for number in range(SHOPPERS)))
    assert sorted(ended) == ["paid"] * PIECES + ["sold-out"] * (SHOPPERS - PIECES)
    assert await till.free() == (0, 0)
    assert await till.broken() == []


async def test_the_last_piece_goes_to_one_of_twenty_late_payments(engine: Engine):
    till = await Till.open(engine, stock=20, store=False)
    late = []
    for number in range(20):
        contact = await till.shopper(f"lan_{number}")
        order_id, payment_id = await till.ready(contact)
        await till.report(PaymentReported(payment_id, "expired"))
        late.append((order_id, payment_id))
    await till.take_off_shelf(19)
    ended = await asyncio.gather(
        *(again(till, lambda p=payment: till.captured(p)) for _, payment in late)
    )
    assert sorted(ended) == ["late-paid"] + ["late-refunded"] * 19
    assert await till.free() == (0, 0)
    assert await till.broken() == []


async def test_two_reports_of_one_capture_at_once_take_effect_once(till: Till):
    order_id, payment_id = await till.ready()
    ended = await asyncio.gather(
        *(again(till, lambda: till.captured(payment_id)) for _ in range(5)),
        *(again(till, lambda: till.captured(payment_id, "cap_2")) for _ in range(5)),
    )
    assert sorted(ended) == [""] * 8 + ["double-refunded", "paid"]
    await till.bank_refunds(order_id)
    assert await till.balance(order_id) == TOTAL.amount
    assert await till.broken() == []


async def counts(till: Till) -> dict[str, int]:
    """How many rows each table has."""
    async with till.engine.read() as unit:
        return {
            name: await unit.value(select(func.count()).select_from(table))
            for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize("step", ["place", "start", "settle", "double", "refund", "leave"])
async def test_death_before_the_commit_leaves_nothing(till: Till, step: str):
    contact = await till.shopper()
    order_id = payment_id = ""
    if step != "place":
        placed = await till.order(contact)
        assert isinstance(placed, OrderPlaced)
        order_id = placed.order_id
    if step not in ("place", "start"):
        payment_id = await till.pay_page(order_id)
    if step in ("double", "refund"):
        await till.captured(payment_id)
    steps = {
        "place": lambda: till.order(contact),
        "start": lambda: till.ask_for_page(order_id),
        "settle": lambda: till.captured(payment_id),
        "double": lambda: till.captured(payment_id, "cap_2"),
        "refund": lambda: till.refund(order_id),
        "leave": lambda: till.leave("lan_mina"),
    }
    before, shelf = await counts(till), await till.free()
    healthy = till.engine.faults
    till.engine.faults = ArmedFaults({"unit.before_commit": (1, "kill")})
    with pytest.raises(Killed):
        await steps[step]()
    till.engine.faults = healthy
    assert await counts(till) == before
    assert await till.free() == shelf
    assert await till.broken() == []
    assert await steps[step]()
    assert await counts(till) != before
    assert await till.broken() == []


async def test_an_order_that_moved_meanwhile_is_not_moved_again(till: Till):
    order_id, payment_id = await till.ready()
    stale = await till.get(order_id)
    await till.captured(payment_id)
    with pytest.raises(Conflict):
        await till.move(stale, "cancel")
    assert (await till.get(order_id)).state == "paid"


def test_numbers_are_told_apart():
    assert len({order_number(count) for count in range(1, 5001)}) == 5000
