"""People to test with."""

from __future__ import annotations

from app.catalog.read import load_shop
from app.core.addresses import Address
from app.core.catalogue import Shop
from app.engine.contract import Engine
from app.members.checks import checks
from app.members.consent import set_consent
from app.members.contact import Contact, meet
from app.members.member import member_of
from tests.factories.shops import open_shop

MINA = Address(
    name="김미나",
    country="KR",
    line1="서울 강남구 테헤란로 152",
    line2="5층",
    postcode="06236",
    phone="+821023456789",
)
LABEL = "김*나, 테헤란로 1**"


async def open_club(engine: Engine, slug: str = "hanok") -> Shop:
    """A shop with points (1 %) and two tiers."""
    async with engine.write() as unit:
        return await load_shop(unit, await open_shop(unit, slug))


async def come_in(
    engine: Engine, shop: Shop, who: str = "mina", channel: str = "instagram", lane: str = ""
) -> Contact:
    """Somebody writes for the first time."""
    async with engine.write() as unit:
        lane_id = lane or f"lane-{channel}-{who}"
        return await meet(unit, shop.id, lane_id, channel, "acc-1", who, handle=who, name="김미나")


async def join_in(engine: Engine, shop: Shop, who: str = "mina", **how: str) -> tuple[Contact, str]:
    """Somebody who agreed to be a member, with the member's id."""
    contact = await come_in(engine, shop, who, **how)
    async with engine.write() as unit:
        await set_consent(unit, contact, "membership", True)
        return contact, await member_of(unit, contact)


async def audited(engine: Engine) -> tuple[str, ...]:
    """What the audit complains of."""
    async with engine.read() as unit:
        [finding] = await checks(unit)
        return finding.broken
