"""One event of one conversation: its effects, then the dialog's step, then what the step wants."""

from __future__ import annotations

import zlib
from datetime import timedelta

import msgspec

from app.conversations.carry import carry_out
from app.conversations.echoes import PREFIX, judge, judge_late
from app.conversations.effects import apply_effect
from app.conversations.work import Work
from app.core.dialog.facts import Facts
from app.core.dialog.state import FLOW, SCHEMA
from app.core.dialog.step import step
from app.core.dialog.wants import Result
from app.core.errors import Broken
from app.core.inbound import (
    AnyEvent,
    Arrived,
    Echoed,
    Reacted,
    Said,
    SentMedia,
    Tapped,
    TimerDue,
)
from app.core.outbound import Limits
from app.inbox.turns import Due
from app.journal.write import Entry
from app.timers.set_timer import is_current

ROUNDS = 8  # results that one event may bring back to the dialog
OPENS_WINDOW = (Said, Tapped, SentMedia, Reacted, Arrived)

_encoder = msgspec.json.Encoder()


async def take_turn(work: Work, due: Due, event: AnyEvent, facts: Facts) -> Entry | None:
    """Works one event off; its journal entry, None when the dialog had nothing to do."""
    effect = await apply_effect(work.unit, work.shop, event)
    if effect is None:
        heard = await _for_dialog(work, event, facts.limits)
        events: tuple[AnyEvent, ...] = () if heard is None else (heard,)
    else:
        events, work.outcome = effect.news, effect.outcome
        work.person_changed = True
    open_window(work, due, event, facts.limits)
    if not events:
        return None
    return await _steps(work, due, events, facts)


def open_window(work: Work, due: Due, event: AnyEvent, limits: Limits) -> None:
    """The platform lets us write for a while after the person's own input, by its own clock."""
    if not isinstance(event, OPENS_WINDOW):
        return
    chat = work.chat
    chat.changed = True
    chat.last_in_at = max(filter(None, (chat.last_in_at, due.occurred_at)))
    if limits.window is not None:
        until = due.occurred_at + timedelta(seconds=limits.window - limits.window_margin)
        chat.window_until = max(filter(None, (chat.window_until, until)))


async def _for_dialog(work: Work, event: AnyEvent, limits: Limits) -> AnyEvent | None:
    match event:
        case Echoed():
            return await judge(work.unit, work.chat, event, limits.echo_wait)
        case TimerDue(name=name, generation=generation):
            address = (work.chat.address,)
            if not await is_current(work.unit, work.shop.id, address, name, generation):
                return None
            if name.startswith(PREFIX):
                return await judge_late(work.unit, work.chat, event)
    return event


async def _steps(work: Work, due: Due, events: tuple[AnyEvent, ...], facts: Facts) -> Entry:
    chat = work.chat
    before = chat.state
    queue: list[AnyEvent | Result] = list(events)
    record = []
    rounds = len(queue) + ROUNDS
    while queue:
        if rounds == 0:
            raise Broken("The dialog asked for more than it may in one step.")
        rounds -= 1
        event = queue.pop(0)
        move = step(chat.state, event, facts)
        chat.state, chat.changed = move.state, True
        results = []
        for want in move.wants:
            result = await carry_out(work, want)
            results.append(result)
            if result is not None:
                queue.append(result)
        record.append({"event": event, "wants": move.wants, "results": results})
    chat.seq += 1
    body = {
        "before": before,
        "after": chat.state,
        "facts": msgspec.structs.replace(facts, shop=_named(facts)),
        "rounds": record,
        "seed": facts.seed,
    }
    return Entry(
        shop_id=work.shop.id,
        lane_id=chat.lane.id,
        seq=chat.seq,
        inbox_id=due.id,
        schema=SCHEMA,
        flow=FLOW,
        shop_version=facts.shop.version,
        scene=chat.state.scene,
        body=_encoder.encode(body),
    )


def _named(facts: Facts) -> object:
    """The shop by name and version only: the snapshot table keeps the rest once."""
    return msgspec.structs.replace(
        facts.shop, products={}, campaigns=(), shipping=(), payments=(), membership=None
    )


def seed_of(work_token: str, seq: int) -> int:
    """The chance of one step: the same for the same chat and sequence, on any machine."""
    return zlib.crc32(f"{work_token}:{seq}".encode())
