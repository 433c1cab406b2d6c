"""Scene help: what every scene understands besides its own answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.core.dialog import cart, shelf
from app.core.dialog.address import rates, usable, use_address
from app.core.dialog.browse import photos
from app.core.dialog.scene import DONE, PLAN, STAY, Question, Take, go
from app.core.dialog.state import Draft
from app.core.dialog.track import show as show_orders
from app.core.dialog.turn import Prompt, Turn
from app.core.dialog.wants import CallPerson, CancelTimer, Choice, SetConsent, SetLanguage
from app.core.pricing import find_variant

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


# --- cancel, restart, back ----------------------------------------------------------------------


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


def back(turn: Turn) -> str:
    """One question back; what it had decided is open again."""
    if turn.state.before:
        cart.restore(turn)
        return PLAN
    if turn.state.address_parsed is not None:
        turn.set(address_parsed=None)
        return "address.where"
    if not turn.state.back:
        turn.note("back.start")
        return STAY
    name = turn.state.back[-1]
    turn.set(back=turn.state.back[:-1])
    return _UNDO.get(name, _again)(turn, name)


def _again(_turn: Turn, name: str) -> str:
    return name


def _reopen_line(turn: Turn) -> None:
    """The line bought last is being chosen again."""
    if turn.draft_is_empty() and turn.state.cart:
        last = turn.state.cart[-1]
        draft = shelf.draft_of(last, turn.shop)
        turn.set_cart(turn.state.cart[:-1])
        turn.set(draft=Draft(draft.product_id, draft.values, 0), browsing=False)


def _undo_product(turn: Turn, _name: str) -> str:
    _reopen_line(turn)
    turn.set(draft=Draft())
    return PLAN


def _undo_option(turn: Turn, _name: str) -> str:
    _reopen_line(turn)
    values = dict(turn.state.draft.values)
    if values:
        values.pop(max(values, key=int))
    turn.set_draft(values=values, quantity=0)
    return PLAN


def _undo_quantity(turn: Turn, _name: str) -> str:
    _reopen_line(turn)
    turn.set_draft(quantity=0)
    return "browse.quantity" if turn.product is not None else PLAN


_UNDO: dict[str, Callable[[Turn, str], str]] = {
    "browse.product": _undo_product,
    "greet.menu": _undo_product,
    "browse.option": _undo_option,
    "browse.quantity": _undo_quantity,
}


# --- changes named in words ---------------------------------------------------------------------


def _change_address(turn: Turn) -> str:
    return "address.where" if turn.state.cart else STAY


def _change_delivery(turn: Turn) -> str:
    return "address.delivery" if turn.state.cart and len(rates(turn)) > 1 else STAY


def _change_quantity(turn: Turn) -> str:
    if turn.product is not None:
        return STAY
    if len(turn.state.cart) == 1:
        return cart.edit_quantity(turn)
    return "cart.change" if turn.state.cart else STAY


def _change_option(turn: Turn) -> str:
    if turn.product is not None:
        turn.set_draft(values={})
        return PLAN
    if len(turn.state.cart) == 1:
        found = find_variant(turn.shop, turn.state.cart[0].variant_id)
        if found is not None and len(found[0].variants) > 1:
            return cart.edit_option(turn)
    return "cart.change" if turn.state.cart else "greet.menu"


def _change(turn: Turn) -> str:
    if turn.state.cart:
        return "cart.change"
    if turn.product is not None:
        turn.set(draft=Draft())
        return PLAN
    return STAY


def _more(turn: Turn) -> str:
    return cart.more(turn) if turn.state.cart else "greet.menu"


def _menu(turn: Turn) -> str:
    return "cart.more" if turn.state.cart else "greet.menu"


def same_address(turn: Turn) -> bool:
    """`저번 주소로`: the address used last."""
    saved = usable(turn)
    if saved:
        use_address(turn, saved[0])
    return bool(saved)


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


GLOBAL: dict[str, Callable[[Turn], str]] = {
    "person": call_person,
    "problem": _problem,
    "restart": restart,
    "paid": _paid,
    "orders": show_orders,
    "cancel": cancel,
    "address": _change_address,
    "delivery": _change_delivery,
    "quantity": _change_quantity,
    "other": _change_option,
    "more": _more,
    "photos": photos,
    "change": _change,
    "back": back,
    "english": lambda turn: speak(turn, "en"),
    "korean": lambda turn: speak(turn, "ko"),
    "help": _help,
    "menu": _menu,
    "later": _later,
    "thanks": _thanks,
    "hello": _hello,
    "pay": lambda turn: PLAN if turn.state.cart else STAY,
    "checkout": lambda turn: PLAN if turn.state.cart else STAY,
    "start": lambda _turn: PLAN,
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
        means={"yes": "person", "no": "go-on", "back": "go-on"},
    ),
    Question(
        "help.cancel",
        ask=_cancel,
        takes={"drop": Take(_drop, (DONE,)), "go-on": go(PLAN)},
        means={"yes": "drop", "cancel": "drop", "no": "go-on", "back": "go-on"},
    ),
)
DIRECT: dict[str, Callable[[Turn], str]] = {"help.person": call_person, "help.leave": _drop}
