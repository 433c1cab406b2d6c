"""Money as it really comes: before the return page, late, twice, wrong, never."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.catalog.models import variant
from app.catalog.move import move_stock
from tests.journeys.shopping import buy_a_mug, to_payment
from tests.journeys.town import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path, clock):
    async with town(database_url, tmp_path, clock) as made:
        yield made


async def shelf(here: Town, sku: str) -> tuple[int, int]:
    """(on hand, held) of a variant."""
    async with here.dangol.engine.read() as unit:
        row = await unit.only(select(variant.c.on_hand, variant.c.held).where(variant.c.sku == sku))
    return row.on_hand, row.held


async def clear_shelf(here: Town, sku: str) -> None:
    """Everything that is free is sold over the counter."""
    async with here.dangol.engine.write() as unit:
        found = await unit.only(
            select(variant.c.id, variant.c.shop_id, variant.c.on_hand, variant.c.held).where(
                variant.c.sku == sku
            )
        )
        free = found.on_hand - found.held
        await move_stock(unit, found.shop_id, found.id, -free, "sold over the counter", "mina")


async def state(here: Town) -> str:
    (order,) = await here.orders()
    return str(order["state"])


async def test_a_purchase_takes_the_piece_from_the_shelf_and_gives_points(here: Town):
    await buy_a_mug(here, "1001")
    assert await shelf(here, "MM-BLACK") == (11, 0)
    assert "150 points" in here.last("1001")
    assert await here.audit() == {}


async def test_a_declined_payment_can_be_tried_again(here: Town):
    await to_payment(here, "1001")
    await here.pay("1001", "decline")
    assert await state(here) == "awaiting_payment"
    await here.wait(seconds=1)  # payments of one moment have no order
    await here.pay("1001", "approve")
    assert await state(here) == "paid"
    assert await here.audit() == {}


async def test_money_of_a_wrong_amount_is_never_an_order(here: Town):
    await to_payment(here, "1001")
    await here.pay("1001", "wrong-amount")
    assert await state(here) != "paid"
    assert await shelf(here, "MM-BLACK") != (11, 0)
    assert await here.audit() == {}


async def test_money_that_comes_twice_goes_back_once(here: Town):
    await to_payment(here, "1001")
    await here.pay("1001", "double")
    await here.wait(minutes=2)
    assert await state(here) == "paid"
    assert await shelf(here, "MM-BLACK") == (11, 0)
    assert here.refunded() == [18000]
    assert await here.audit() == {}


async def test_a_payment_whose_webhook_never_comes_is_found_by_asking(here: Town):
    await to_payment(here, "1001")
    here.provider.drop_webhooks = True
    page = await here.open_provider("1001")
    await here.browser.post(page, data={"outcome": "approve"})
    await here.rest()
    assert await state(here) == "awaiting_payment"
    await here.wait(minutes=10)
    assert await state(here) == "paid"
    assert await here.audit() == {}


async def late(here: Town) -> None:
    """Approves in time, but the money takes two hours."""
    await to_payment(here, "1001")
    here.provider.delay = 7200
    page = await here.open_provider("1001")
    await here.browser.post(page, data={"outcome": "delay"})
    await here.wait(minutes=90)
    assert await state(here) == "expired"


async def test_late_money_is_honoured_while_there_is_stock(here: Town):
    await late(here)
    await here.wait(minutes=60)
    await here.provider_tells()
    assert await state(here) == "paid"
    assert await shelf(here, "MM-BLACK") == (11, 0)
    assert "after the time" in here.last("1001")
    assert await here.audit() == {}


async def test_late_money_goes_back_when_the_stock_is_gone(here: Town):
    await late(here)
    await clear_shelf(here, "MM-BLACK")
    await here.wait(minutes=60)
    await here.provider_tells()
    await here.wait(minutes=2)
    assert await state(here) != "paid"
    assert here.refunded() == [18000]
    assert await shelf(here, "MM-BLACK") == (0, 0)
    assert await here.audit() == {}


async def test_two_tabs_pay_once(here: Town):
    await to_payment(here, "1001")
    first = await here.open_provider("1001")
    second = await here.open_provider("1001")
    for page in {first, second}:
        await here.browser.post(page, data={"outcome": "approve"})
        await here.settle_webhooks()
    assert await state(here) == "paid"
    assert await shelf(here, "MM-BLACK") == (11, 0)
    assert await here.audit() == {}


async def test_looking_at_the_payment_page_changes_nothing(here: Town):
    await to_payment(here, "1001")
    link = here.link("1001", "/pay/")
    for _ in range(3):
        assert (await here.browser.get(link)).status_code == 200
    await here.rest()
    assert await here.orders() == []


async def test_a_hold_that_runs_out_is_told_and_freed(here: Town):
    await to_payment(here, "1001")
    assert await shelf(here, "MM-BLACK") == (12, 1)
    await here.wait(minutes=20)
    assert await shelf(here, "MM-BLACK") == (12, 0)
    assert here.last("1001") != ""
    assert await here.audit() == {}


async def test_a_tampered_row_is_found_by_the_audit(here: Town):
    await buy_a_mug(here, "1001")
    async with here.dangol.engine.write() as unit:
        await unit.run(update(variant).where(variant.c.sku == "MM-BLACK").values(on_hand=99))
    broken = await here.audit()
    assert set(broken) == {"stock"}
    assert len(broken["stock"]) == 1
