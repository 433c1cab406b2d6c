"""Accounts: secrets go in and never come out, and a signature vouches for its own app alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.errors import Broken, Conflict, NotFound
from app.merchants.create_shop import ShopForm, create_shop
from app.merchants.models import account as account_table
from app.merchants.pause_account import pause_account, touch_account
from app.merchants.put_account import AccountPut, drop_account, put_account
from app.merchants.read import (
    account_at,
    account_by_id,
    accounts_by_id,
    accounts_of,
    all_shops,
    parked_accounts,
    shop_at,
    shop_by_id,
    versions_of,
)
from tests.factories.shops import MEMBERSHIP, open_shop

SECRETS = {"app_secret": "the-app-secret", "access_token": "the-token"}


@pytest.fixture
async def shop_id(engine):
    async with engine.write() as unit:
        return await open_shop(unit)


async def put(engine, shop_id, external="1", secrets=None, api_url=None, channel="instagram"):
    async with engine.write() as unit:
        return await put_account(
            unit, shop_id, channel, external, SECRETS if secrets is None else secrets, api_url
        )


async def at(engine, external="1", channel="instagram"):
    async with engine.read() as unit:
        found = await account_at(unit, channel, external)
        assert found is not None
        return found


async def test_a_shop_is_what_its_form_says(engine, shop_id):
    async with engine.read() as unit:
        shop = await shop_by_id(unit, shop_id)
        assert shop == await shop_at(unit, "hanok")
        assert [shop] == await all_shops(unit)
        assert await shop_at(unit, "nowhere") is None
        assert await versions_of(unit, [shop_id, "nowhere"]) == {shop_id: 1}
    assert shop is not None
    assert (shop.currency, shop.settings.membership) == ("KRW", MEMBERSHIP)


async def test_a_slug_is_taken_once(engine, shop_id):
    with pytest.raises(Conflict):
        async with engine.write() as unit:
            await create_shop(unit, ShopForm("hanok", "another"))


async def test_secrets_are_sealed_to_their_row(engine, shop_id):
    first = await put(engine, shop_id)
    other = await put(engine, shop_id, "2", {"app_secret": "x"})
    async with engine.write() as unit:
        rows = {row.id: row.secrets for row in await unit.rows(select(account_table))}
        assert b"the-token" not in rows[first.id]
        await unit.run(
            account_table.update()
            .where(account_table.c.id == other.id)
            .values(secrets=rows[first.id])
        )
    assert (await at(engine)).secrets == SECRETS
    with pytest.raises(Broken):
        await at(engine, "2")


async def test_reading_an_account_shows_names_not_secrets(engine, shop_id):
    await put(engine, shop_id)
    async with engine.read() as unit:
        [row] = await accounts_of(unit, shop_id)
    assert row.secret_names == ("access_token", "app_secret")
    assert "the-token" not in repr(row)


async def test_a_secret_not_named_stays_and_one_that_is_none_goes(engine, shop_id):
    await put(engine, shop_id)
    await put(engine, shop_id, secrets={"verify_token": "v", "access_token": None})
    assert (await at(engine)).secrets == {"app_secret": "the-app-secret", "verify_token": "v"}


async def test_the_same_again_changes_nothing(engine, shop_id):
    first = await put(engine, shop_id)
    assert first == AccountPut(first.id, changed=True, created=True)
    assert await put(engine, shop_id) == AccountPut(first.id, changed=False)
    assert await put(engine, shop_id, secrets={}) == AccountPut(first.id, changed=False)


async def test_a_token_is_not_sent_to_a_place_it_was_not_given_for(engine, shop_id):
    await put(engine, shop_id)
    await put(engine, shop_id, secrets={}, api_url="https://evil.example")
    assert (await at(engine)).secrets == {"app_secret": "the-app-secret"}
    await put(engine, shop_id, secrets={"access_token": "new"}, api_url="https://good.example")
    account = await at(engine)
    assert (account.api_url, account.secrets["access_token"]) == ("https://good.example", "new")


async def test_another_shop_cannot_take_the_account(engine, shop_id):
    await put(engine, shop_id)
    async with engine.write() as unit:
        other = await open_shop(unit, "other")
    with pytest.raises(Conflict, match="another shop"):
        await put(engine, other)
    async with engine.write() as unit:
        assert not await drop_account(unit, other, "instagram", "1")
    assert (await at(engine)).shop_id == shop_id


async def test_accounts_of_one_app_know_each_other(engine, shop_id):
    await put(engine, shop_id, "1")
    await put(engine, shop_id, "2")
    await put(engine, shop_id, "3", {"app_secret": "another-app"})
    await put(engine, shop_id, "4", {"access_token": "no app at all"})
    await put(engine, shop_id, "5", channel="messenger")
    found = [(await at(engine, external)).app_accounts for external in "1234"]
    assert found == [{"1", "2"}, {"1", "2"}, {"3"}, set()]


async def test_they_do_so_while_the_secret_is_being_replaced(engine, shop_id):
    await put(engine, shop_id, "1", {"app_secret": "new old"})
    await put(engine, shop_id, "2", {"app_secret": "old"})
    assert (await at(engine, "1")).app_accounts == {"1", "2"}
    await put(engine, shop_id, "1", {"app_secret": "new"})
    assert (await at(engine, "1")).app_accounts == {"1"}
    assert (await at(engine, "2")).app_accounts == {"2"}


async def test_accounts_are_found_by_id_together(engine, shop_id):
    one, two = await put(engine, shop_id, "1"), await put(engine, shop_id, "2")
    async with engine.read() as unit:
        found = await accounts_by_id(unit, {one.id, two.id, "acc_nobody"})
        assert found[one.id] == await account_by_id(unit, one.id)
        assert await accounts_by_id(unit, set()) == {}
        assert await account_by_id(unit, "acc_nobody") is None
        assert await account_at(unit, "instagram", "nobody") is None
    assert {each: account.external_id for each, account in found.items()} == {
        one.id: "1",
        two.id: "2",
    }


async def test_a_dropped_account_is_gone(engine, shop_id):
    await put(engine, shop_id)
    async with engine.write() as unit:
        assert await drop_account(unit, shop_id, "instagram", "1")
        assert await account_at(unit, "instagram", "1") is None
    assert (await put(engine, shop_id)).created


async def parked(engine):
    async with engine.read() as unit:
        return await parked_accounts(unit)


async def test_nothing_is_sent_while_an_account_is_parked(engine, shop_id, clock):
    one, two = await put(engine, shop_id, "1"), await put(engine, shop_id, "2")
    until = clock.moment + timedelta(minutes=5)
    async with engine.write() as unit:
        await pause_account(unit, one.id, "paused", until)
        await pause_account(unit, two.id, "paused")
    assert await parked(engine) == {one.id, two.id}
    clock.moment = until
    assert await parked(engine) == {two.id}
    async with engine.write() as unit:
        await pause_account(unit, two.id, "active")
        await pause_account(unit, one.id, "needs-reauth")
        with pytest.raises(NotFound):
            await pause_account(unit, "acc_nobody", "paused")
    assert await parked(engine) == {one.id}


async def test_a_new_token_ends_the_wait_for_one(engine, shop_id):
    one = await put(engine, shop_id)
    async with engine.write() as unit:
        await pause_account(unit, one.id, "needs-reauth")
    await put(engine, shop_id, secrets={"verify_token": "v"})
    assert await parked(engine) == {one.id}
    await put(engine, shop_id, secrets={"access_token": "fresh"})
    assert await parked(engine) == set()


async def test_a_busy_account_is_touched_once_a_minute(engine, shop_id, clock):
    one = await put(engine, shop_id)
    seen = []
    for _ in range(4):
        async with engine.write() as unit:
            await touch_account(unit, one.id)
            [row] = await accounts_of(unit, shop_id)
            seen.append(row.last_event_at)
        clock.moment += timedelta(seconds=31)
    assert len(set(seen)) == 2
