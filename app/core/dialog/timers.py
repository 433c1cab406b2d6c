"""Time passed: a hold ends, a reminder is due, the chat has been silent for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.core.dialog.plan import ask
from app.core.dialog.scenes import QUESTIONS
from app.core.dialog.turn import Turn
from app.core.dialog.wants import CancelTimer, FinishPerson, ReleaseHolds
from app.core.inbound import TimerDue

LEADS = {"the hold ran out": "pay.expired"}
# What a reminder says when nothing is kept, by where the person stopped.
NUDGES = {
    "greet": "nudge.choose",
    "browse": "nudge.choose",
    "cart": "nudge.order",
    "address": "nudge.order",
    "pay": "nudge.order",
}


def timer_due(turn: Turn, event: TimerDue) -> None:
    """Time passed: a hold ends, a reminder is due, or the chat has been silent for long."""
    due = _TIMERS.get(event.name)
    if due is None:
        turn.why = f"no timer {event.name}"
        return
    due(turn)


def _hold_due(turn: Turn) -> None:
    until = turn.state.held_until
    if until is None:
        turn.why = "nothing is kept"
        return
    if until > turn.now:
        turn.timer("hold", until)
        turn.why = "kept longer by now"
        return
    turn.want(CancelTimer("nudge"))
    if turn.state.order_id:
        turn.changed()  # an order that ran out cannot be revived: the next one is another
    turn.want(ReleaseHolds())
    turn.set(held=(), held_until=None, pay_url="", pay_until=None, nudged=True)
    turn.restore()
    if turn.writable and not (turn.state.person or turn.stopped):
        ask(turn, LEADS["the hold ran out"])
    else:
        turn.set(scene="pay", asked="expired")


def _nudge_due(turn: Turn) -> None:
    silent = turn.state.person or turn.stopped or turn.state.nudged
    if silent or not turn.open_flow or not turn.writable or not turn.state.answered:
        turn.why = "no reminder is due"
        return
    turn.set(nudged=True)
    until = turn.state.held_until
    question = QUESTIONS.get(turn.question)
    if question is None:
        return
    if turn.hold_live and until is not None:
        left = max(1, int((until - turn.now) / timedelta(minutes=1)))
        turn.note("nudge.held", count=left)
    else:
        turn.note(NUDGES.get(question.scene, "nudge.question"))
    ask(turn, question.name, instead=True)


def _idle_due(turn: Turn) -> None:
    """Long silence: nothing is kept, the chat may go on whenever the person likes."""
    if turn.state.person:
        turn.want(FinishPerson())
        turn.set(person=False)
    if turn.state.held_until is not None:
        turn.leave_order()
        turn.release()
    turn.set(dormant=True, pay_url="", pay_until=None, nudged=True)
    turn.want(CancelTimer("nudge"))


_TIMERS: dict[str, Callable[[Turn], None]] = {
    "hold": _hold_due,
    "nudge": _nudge_due,
    "idle": _idle_due,
}
