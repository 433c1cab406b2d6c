"""API keys: shown once, useless when guessed, stolen from the database or revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.errors import NotFound, Rejected
from app.merchants.create_key import check_key, create_key, revoke_key, touch_key
from app.merchants.models import api_key
from app.merchants.read import keys_of
from tests.factories.shops import open_shop


@pytest.fixture
async def shop_id(engine):
    async with engine.write() as unit:
        return await open_shop(unit)


async def make(engine, shop_id, *scopes):
    async with engine.write() as unit:
        return await create_key(unit, shop_id, scopes or ("orders:read",))


async def check(engine, text):
    async with engine.read() as unit:
        return await check_key(unit, text)


async def test_a_key_opens_its_shop_and_its_scopes(engine, shop_id):
    holder = await check(engine, await make(engine, shop_id, "orders:read", "orders:write"))
    assert holder.shop_id == shop_id
    assert holder.may("orders:write")
    assert not holder.may("catalog:write")


async def test_all_is_every_scope(engine, shop_id):
    holder = await check(engine, await make(engine, shop_id, "all"))
    assert holder.may("anything")


async def test_the_database_does_not_hold_the_key(engine, shop_id):
    text = await make(engine, shop_id)
    async with engine.read() as unit:
        [row] = await unit.rows(select(api_key))
    secret = text.rpartition("_")[2]
    assert len(secret) == 52
    assert secret not in repr(row)
    assert await check(engine, f"dgl_{row.prefix}_{row.secret_hash}") is None


async def test_what_is_not_the_key_opens_nothing(engine, shop_id):
    text = await make(engine, shop_id)
    wrong = [text[:-1], text + "0", text.lower(), text.replace("dgl", "sk"), f" {text}", "", "_",
             "dgl__", "dgl_x_", "한옥", "\ud800", "dgl_'; drop_x", "dgl_\0_x"]  # fmt: skip
    assert [await check(engine, each) for each in wrong] == [None] * len(wrong)


async def test_a_revoked_key_opens_nothing(engine, shop_id):
    text, other = await make(engine, shop_id), await make(engine, shop_id)
    async with engine.write() as unit:
        holder = await check_key(unit, text)
        assert holder is not None
        with pytest.raises(NotFound):
            await revoke_key(unit, "another shop", holder.key_id)
        await revoke_key(unit, shop_id, holder.key_id)
        with pytest.raises(NotFound):
            await revoke_key(unit, shop_id, holder.key_id)
    assert await check(engine, text) is None
    assert await check(engine, other) is not None


async def test_a_key_needs_a_scope(engine, shop_id):
    with pytest.raises(Rejected):
        async with engine.write() as unit:
            await create_key(unit, shop_id, [])


async def test_keys_are_listed_by_prefix_with_their_last_use(engine, shop_id, clock):
    text = await make(engine, shop_id)
    clock.moment += timedelta(hours=1)
    async with engine.write() as unit:
        holder = await check_key(unit, text)
        assert holder is not None
        await touch_key(unit, holder.key_id)
        [row] = await keys_of(unit, shop_id)
    assert text.startswith(f"dgl_{row.prefix}_")
    assert row.last_used_at == clock.moment
