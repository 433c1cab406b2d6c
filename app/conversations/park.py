"""Setting aside an event that cannot be worked off, without losing what it was about.

Its effect on orders and money is still applied (the dialog is what failed, if it was not the effect
itself), the shopper gets an apology, a person of the shop is told, and the lane goes on.
"""

from __future__ import annotations

from app.conversations.carry import carry_out
from app.conversations.effects import apply_effect
from app.conversations.house import House
from app.conversations.store import load_chats, save_chats
from app.conversations.work import Work
from app.core.dialog.wants import CallPerson, Say
from app.core.errors import DangolError
from app.core.inbound import AnyEvent
from app.db.unit import Unit
from app.inbox.turns import Done, Due, Lane, finish
from app.members.contact import people

APOLOGY = "trouble.apology"
REASON = "trouble"


async def park(unit: Unit, house: House, due: Due, note: str) -> int:
    """Parks the event of a lane that is locked; always 1."""
    try:
        async with unit.conn.begin_nested():
            await _make_good(unit, house, due)
    except (DangolError, ValueError, LookupError, TypeError, AttributeError) as error:
        note = f"{note}\nand the apology failed: {error!r}"
    await finish(unit, [Done(due.id, due.lane_id, "parked", note)])
    return 1


async def _make_good(unit: Unit, house: House, due: Due) -> None:
    lane = Lane(due.lane_id, due.shop_id, "")
    chat = (await load_chats(unit, [lane]))[lane.id]
    if chat.fresh:
        return
    shop = await house.shop(unit, due.shop_id)
    met = (await people(unit, shop, [lane.id])).get(lane.id)
    if met is None:
        return
    work = Work(unit, house, shop, chat, met.contact, due.id)
    await _effect_alone(work, due.event())
    language = chat.state.language or shop.locale
    await carry_out(work, CallPerson(REASON))
    await carry_out(work, Say(key=APOLOGY, language=language, purpose="apology"))
    chat.seq += 1  # the apology's key is taken, although no step was made
    chat.changed = True
    await save_chats(unit, [chat])


async def _effect_alone(work: Work, event: AnyEvent) -> None:
    """A payment counts although the dialog cannot speak of it."""
    try:
        async with work.unit.conn.begin_nested():
            await apply_effect(work.unit, work.shop, event)
    except (DangolError, ValueError, LookupError, TypeError, AttributeError):
        return  # then the effect itself is what failed: the parked row keeps the event
