"""Scene help: what every scene understands besides its own answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.core.dialog import changes
from app.core.dialog.browse import photos
from app.core.dialog.scene import DONE, PLAN, STAY, Question, Take, go
from app.core.dialog.track import show as show_orders
from app.core.dialog.turn import Prompt, Turn
from app.core.dialog.wants import (
    CallPerson,
    CancelTimer,
    Choice,
    FinishPerson,
    SetConsent,
    SetLanguage,
)

PERSON_TIME = timedelta(hours=24)  # nobody of the shop answered: the bot is back


# --- a person, stop, start ----------------------------------------------------------------------


def call_person(turn: Turn, reason: str = "asked") -> str:
    """A person of the shop takes over; the bot says so once and is silent."""
    turn.want(CallPerson(reason))
    turn.set(person=True, misses=0)
    turn.tell("person.called", "person", count=turn.shop.person_minutes)
    turn.want(CancelTimer("nudge"))
    turn.timer("idle", turn.now + PERSON_TIME)
    return DONE


def stop(turn: Turn) -> str:
    """Opted out: everything is given back, one word of confirmation, then silence."""
    if turn.state.person:
        turn.want(FinishPerson())
    turn.clear(scene="start", asked="", offered=(), stopped=True, person=False)
    turn.want(SetConsent("messages", given=False))
    for name in ("nudge", "idle"):
        turn.want(CancelTimer(name))
    turn.notes.clear()
    turn.tell("stop.done", "stop")
    return DONE


def start(turn: Turn) -> str:
    """Back after a stop."""
    turn.want(SetConsent("messages", given=True))
    turn.set(stopped=False)
    turn.note("stop.undone")
    return PLAN


# --- cancel, restart ----------------------------------------------------------------------------


def cancel(turn: Turn) -> str:
    """Asks before anything is dropped; where nothing is being bought there is nothing to ask."""
    if turn.state.cart or not turn.draft_is_empty() or turn.state.before:
        return "help.cancel"
    latest = next((x for x in turn.facts.person.orders if x.state == "paid"), None)
    if latest is not None:
        turn.note("cancel.paid", number=latest.number)
        return "help.offer"
    turn.note("cancel.nothing")
    return "greet.menu"


def _drop(turn: Turn, _value: str = "") -> str:
    turn.clear(scene="start", asked="", person=False)
    for name in ("nudge", "idle"):
        turn.want(CancelTimer(name))
    choice = (Choice("shop", key="choice.shop"),)
    turn.say("start", Prompt((("cancel.done", {}),), choice, purpose="cancelled"))
    return DONE


def restart(turn: Turn) -> str:
    """From the beginning of the same campaign."""
    ids, campaign, answered = turn.state.product_ids, turn.state.campaign_id, turn.state.answered
    turn.clear(product_ids=ids, campaign_id=campaign, answered=answered)
    turn.note("restart.done")
    return PLAN


# --- small talk ---------------------------------------------------------------------------------


def _help(turn: Turn) -> str:
    turn.note("help.text")
    return STAY


def _problem(turn: Turn) -> str:
    turn.note("help.problem")
    return "help.offer"


def _paid(turn: Turn) -> str:
    waiting = turn.state.order_id != ""
    turn.tell("pay.not-seen" if waiting else "pay.no-order", "note")
    return DONE


def _later(turn: Turn) -> str:
    until = turn.state.held_until
    if turn.hold_live and until is not None:
        turn.tell("later.held", "note", until=until)
    else:
        turn.tell("later.ok", "note")
    return DONE


def _thanks(turn: Turn) -> str:
    turn.tell("thanks.welcome", "note")
    return DONE


def _hello(turn: Turn) -> str:
    if turn.state.scene == "start":
        return "greet.menu"
    turn.note("hello.again")
    return STAY


def speak(turn: Turn, language: str) -> str:
    """Goes on in that language."""
    turn.set(language=language)
    turn.want(SetLanguage(language))
    return STAY


def _does(does: Callable[[Turn], str], *goes: str) -> Take:
    return Take(lambda turn, _value: does(turn), goes)


# What words mean in every scene that does not mean something of its own by them.
GLOBAL: dict[str, Take] = {
    "person": _does(call_person, DONE),
    "problem": _does(_problem, "help.offer"),
    "restart": _does(restart, PLAN),
    "paid": _does(_paid, DONE),
    "orders": _does(show_orders, "track.orders", STAY),
    "cancel": _does(cancel, "help.cancel", "help.offer", "greet.menu"),
    "address": _does(changes.change_address, "address.where", STAY),
    "delivery": _does(changes.change_delivery, "address.delivery", STAY),
    "quantity": _does(changes.change_quantity, "cart.change", PLAN, STAY),
    "other": _does(changes.change_option, "cart.change", "greet.menu", PLAN),
    "more": _does(changes.more, "cart.more", "greet.menu"),
    "photos": Take(photos, (STAY, PLAN)),
    "change": _does(changes.change, "cart.change", PLAN, STAY),
    "back": _does(changes.back, PLAN, STAY, "address.where", "browse.quantity", "cart.more"),
    "english": _does(lambda turn: speak(turn, "en"), STAY),
    "korean": _does(lambda turn: speak(turn, "ko"), STAY),
    "help": _does(_help, STAY),
    "menu": _does(changes.menu, "cart.more", "greet.menu"),
    "later": _does(_later, DONE),
    "thanks": _does(_thanks, DONE),
    "hello": _does(_hello, "greet.menu", STAY),
    "pay": go(PLAN),
    "checkout": go(PLAN),
    "start": go(PLAN),
}


# --- questions ----------------------------------------------------------------------------------


def _offer(turn: Turn) -> Prompt:
    choices = [Choice("person", key="choice.person"), Choice("go-on", key="choice.go-on")]
    if turn.state.cart or turn.product is not None:
        choices.append(Choice("cancel", key="choice.cancel"))
    return Prompt((("help.offer", {}),), tuple(choices))


def _cancel(_turn: Turn) -> Prompt:
    choices = (Choice("drop", key="choice.drop-all"), Choice("go-on", key="choice.keep-all"))
    return Prompt((("cancel.sure", {}),), choices)


QUESTIONS = (
    Question(
        "help.offer",
        ask=_offer,
        takes={
            "person": Take(lambda turn, _value: call_person(turn), (DONE,)),
            "go-on": go(PLAN),
            "cancel": go("help.cancel"),
        },
        means={"yes": "person", "no": "go-on", "keep": "go-on", "back": "go-on"},
    ),
    Question(
        "help.cancel",
        ask=_cancel,
        takes={"drop": Take(_drop, (DONE,)), "go-on": go(PLAN)},
        means={"yes": "drop", "cancel": "drop", "no": "go-on", "keep": "go-on", "back": "go-on"},
    ),
)
DIRECT: dict[str, Callable[[Turn], str]] = {"help.person": call_person, "help.leave": _drop}
