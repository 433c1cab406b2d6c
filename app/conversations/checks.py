"""What must hold of conversations, for `dangol audit`."""

from __future__ import annotations

from sqlalchemy import select

from app.conversations.models import conversation
from app.conversations.store import decode_state
from app.core.dialog.state import State
from app.core.errors import Broken
from app.core.findings import Finding
from app.db.unit import Unit
from app.inbox.turns import joined_lanes, lanes_with_work
from app.journal.checks import last_steps
from app.timers.read import addresses_with_timer


async def checks(unit: Unit) -> list[Finding]:
    """State and journal agree, and no conversation waits for ever."""
    rows = await unit.rows(select(conversation))
    steps = await last_steps(unit)
    timed = await addresses_with_timer(unit)
    busy = await lanes_with_work(unit) | await joined_lanes(unit)
    apart, stuck = [], []
    for row in rows:
        if steps.get(row.lane_id, 0) > row.seq:
            apart.append(f"conversation {row.lane_id}: its journal is ahead of its state")
        try:
            sealed = unit.vault.open(row.state, row.shop_id, "conversation", row.lane_id)
            state = decode_state(sealed)
        except Broken as error:
            apart.append(f"conversation {row.lane_id}: its state cannot be read: {error.text}")
            continue
        timer = (row.shop_id, f"lane:{row.lane_id}") in timed
        if _waits(state) and not timer and row.lane_id not in busy:
            stuck.append(f"conversation {row.lane_id}: waits in {row.scene} without a timer")
    return [
        Finding("step-atomic", len(rows), tuple(apart)),
        Finding("silence", len(rows), tuple(stuck)),
    ]


def _waits(state: State) -> bool:
    """Is the bot waiting for this person? Then a timer must bring it to an end."""
    return state.scene != "start" and not (state.dormant or state.person or state.stopped)
