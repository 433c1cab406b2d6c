"""What shoppers do in the journeys."""

from __future__ import annotations

from tests.journeys.town import Town

ADDRESS = "김미나 서울 강남구 테헤란로 152 5층 06236 010-2345-6789"


async def to_payment(here: Town, person: str, wish: str = "#moonmug black please 😍") -> None:
    """A new shopper whose comment names the variant: three answers to the payment page."""
    await here.comment(person, wish)
    await here.tap(person, "Buy")
    await here.say(person, ADDRESS)


async def buy_a_mug(here: Town, person: str, wish: str = "#moonmug black please 😍") -> None:
    """The same, and the money."""
    await to_payment(here, person, wish)
    await here.pay(person)
