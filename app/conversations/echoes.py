"""Our own messages come back: which are ours, and which a person of the shop typed by hand.

Instagram's echoes carry no mark and may come before the answer to our send.
"""

from __future__ import annotations

from datetime import timedelta

from app.conversations.store import Chat
from app.core.inbound import AnyEvent, Echoed, TakenOver, TimerDue
from app.db.unit import Unit
from app.outbox.echo import in_flight, sent_as, settle_by_echo, unaccounted
from app.timers.set_timer import set_timer

PREFIX = "echo:"
BY_HAND = "platform inbox"


async def judge(unit: Unit, chat: Chat, echo: Echoed, wait: int) -> AnyEvent | None:
    """None when the message is ours or may still prove to be; else somebody took over."""
    shop_id, lane_id = chat.lane.shop_id, chat.lane.id
    if await sent_as(unit, shop_id, echo.message_id):
        return None
    flying = await in_flight(unit, shop_id, lane_id)
    for row in flying:
        same = echo.text.strip() and row.text.strip() == echo.text.strip()
        if same and await settle_by_echo(unit, row.id, echo.message_id):
            return None
    if flying:
        due = unit.now + timedelta(seconds=wait)
        await set_timer(unit, shop_id, chat.address, f"{PREFIX}{echo.message_id}"[:190], due)
        return None
    return await _by_hand(unit, chat)


async def judge_late(unit: Unit, chat: Chat, timer: TimerDue) -> AnyEvent | None:
    """The wait is over: an echo that still matches nothing was typed by hand."""
    if await sent_as(unit, chat.lane.shop_id, timer.name.removeprefix(PREFIX)):
        return None
    return await _by_hand(unit, chat)


async def _by_hand(unit: Unit, chat: Chat) -> AnyEvent | None:
    """A repeat whose first attempt nobody recorded may have been seen twice: that is still us."""
    if await unaccounted(unit, chat.lane.shop_id, chat.lane.id):
        return None
    return TakenOver(by=BY_HAND)
