"""From a tap, a number or a text to what it means here. One reader after the other; first wins."""

from __future__ import annotations

from collections.abc import Callable

from app.core.dialog import help as helping
from app.core.dialog import shelf
from app.core.dialog.lexicon import intents
from app.core.dialog.plain import alike, compact, plain
from app.core.dialog.plan import ask, plan
from app.core.dialog.scene import BRIEF, DONE, PLAN, STAY, Question
from app.core.dialog.scenes import QUESTIONS
from app.core.dialog.slots import apply_slots, open_matches
from app.core.dialog.state import Offered
from app.core.dialog.turn import Turn
from app.core.dialog.understand import Heard, read

MISSES = 3  # after so many a person is offered
LEADS = {"not understood three times": "help.offer"}
BACK_STEPS = 8
# These win over whatever else stands in a message; the rest loses against something to buy.
STRONG = ("person", "problem", "restart", "paid", "orders", "cancel", "address", "delivery",
          "quantity", "other", "more", "photos", "back", "english", "korean")  # fmt: skip
WEAK = ("waitlist", "remove", "again", "keep", "pay", "checkout", "change", "start", "help", "menu",
        "later", "thanks", "hello", "yes", "no")  # fmt: skip
# With a value or a number beside them these are answers: "다른 색 화이트로", "수량을 3개로".
_ANSWERED = {"quantity", "other", "more", "back", "cancel"}

NOWHERE = Question("start", ask=QUESTIONS["greet.menu"].ask, takes={
    "shop": QUESTIONS["track.orders"].takes["shop"],
    "orders": QUESTIONS["greet.menu"].takes["orders"],
})  # fmt: skip


def standing(turn: Turn) -> Question:
    """The question that stands; before the first one anything may be said."""
    return QUESTIONS.get(turn.question, NOWHERE)


def follow(turn: Turn, where: str) -> None:
    """Goes where an answer led."""
    if where in helping.DIRECT:
        where = helping.DIRECT[where](turn)
    if where == DONE:
        return
    brief = where == BRIEF
    if where in {STAY, BRIEF}:
        where = turn.question
    if where in QUESTIONS:
        ask(turn, where, instead=brief)
    else:
        plan(turn)


# --- taps ---------------------------------------------------------------------------------------


def tapped(turn: Turn, token: str, label: str) -> None:
    """A button: the one that stands, the one just pressed (harmless), an old one, or not ours."""
    if token and token == turn.state.taken:
        turn.why = "the same button twice"
        return
    offered = next((x for x in turn.state.offered if x.token == token), None)
    if offered is not None:
        turn.set(taken=token)
        follow(turn, take(turn, offered.action, offered.value))
        return
    chat = turn.facts.chat_token
    if chat and token.startswith(f"{chat}."):
        turn.why = "a stale button"
        turn.note("stale.button")
        follow(turn, STAY)
        return
    said(turn, label or token)


def take(turn: Turn, action: str, value: str) -> str:
    """Does what this choice does."""
    question = standing(turn)
    chosen = question.takes.get(action)
    if chosen is None:
        return PLAN
    before = question.name
    turn.set(misses=0)
    where = chosen.does(turn, value)
    if where == PLAN and before.startswith(("browse.", "greet.")):
        turn.set(back=(*turn.state.back, before)[-BACK_STEPS:])
    return where


# --- texts --------------------------------------------------------------------------------------


def said(turn: Turn, text: str) -> None:
    """A text in the chat."""
    heard = listen(turn, text)
    _mind_language(turn, heard)
    for reader in READERS:
        where = reader(turn, heard)
        if where is not None:
            turn.set(misses=0)
            follow(turn, where)
            return
    miss(turn)


def listen(turn: Turn, text: str) -> Heard:
    """Reads a text with what this chat is about in mind."""
    about = [turn.state.draft.product_id, *turn.state.product_ids]
    products = shelf.sold_products(turn.shop, dict.fromkeys(about))
    for line in turn.state.cart:
        draft = shelf.draft_of(line, turn.shop)
        products += shelf.sold_products(turn.shop, [draft.product_id])
    if not products:
        products = list(turn.shop.products.values())[: shelf.SHOWN * 3]
    return read(text, turn.shop, turn.now, products)


def _mind_language(turn: Turn, heard: Heard) -> None:
    """Answers in the language a person writes. Addresses are written as the country writes them."""
    if not heard.language or turn.state.scene == "address":
        return
    known = turn.state.language or turn.facts.person.language
    if heard.language != known:
        helping.speak(turn, heard.language)


def _label(turn: Turn, heard: Heard) -> str | None:
    """The label of a choice, as it is written on the button."""
    said = compact(heard.text)
    for offered in turn.state.offered:
        if said and compact(offered.label) == said:
            return _taken(turn, offered)
    return None


def _taken(turn: Turn, offered: Offered) -> str:
    turn.set(taken=offered.token)
    return take(turn, offered.action, offered.value)


def _number(turn: Turn, heard: Heard) -> str | None:
    """A bare number: the number of a choice, or what numbers mean in this question."""
    question = standing(turn)
    number = heard.number if heard.number is not None else heard.choice
    if number is None or (heard.choice is not None and heard.values):
        return None
    if question.bare != "choice" and heard.choice is None:
        return take(turn, question.bare, str(number))
    offered = turn.state.offered
    if number == -1:
        number = len(offered)
    return _taken(turn, offered[number - 1]) if 1 <= number <= len(offered) else None


def _campaign(turn: Turn, heard: Heard) -> str | None:
    """A hashtag in the chat itself."""
    return open_matches(turn, heard) if heard.matches else None


def _own_words(turn: Turn, heard: Heard) -> str | None:
    """What only this question understands."""
    hears = standing(turn).hears
    return hears(turn, heard) if hears is not None else None


def _strong(turn: Turn, heard: Heard) -> str | None:
    intent = heard.has(*STRONG)
    if not intent or (intent in _ANSWERED and (heard.values or heard.quantity is not None)
                      and intent not in {"cancel", "more"}):  # fmt: skip
        return None
    if intent == "address" and heard.last_address:
        return None
    return _means(turn, intent)


def _weak(turn: Turn, heard: Heard) -> str | None:
    intent = heard.has(*WEAK)
    return _means(turn, intent) if intent else None


def _means(turn: Turn, intent: str) -> str | None:
    question = standing(turn)
    action = question.means.get(intent)
    if action is not None and action in question.takes:
        offered = next((x for x in turn.state.offered if x.action == action), None)
        return _taken(turn, offered) if offered is not None else take(turn, action, "")
    anywhere = helping.GLOBAL.get(intent)
    return anywhere.does(turn, "") if anywhere is not None else None


def _slots(turn: Turn, heard: Heard) -> str | None:
    return apply_slots(turn, heard) if standing(turn).slots else None


def _nearly(turn: Turn, heard: Heard) -> str | None:
    """A label with a slip of the finger."""
    said = compact(heard.text)
    near = [x for x in turn.state.offered if alike(compact(x.label), said)]
    return _taken(turn, near[0]) if len(near) == 1 else None


def _nothing_yet(turn: Turn, _heard: Heard) -> str | None:
    """Whatever is said where nothing is asked gets a friendly menu."""
    return "greet.menu" if turn.state.scene == "start" else None


READERS: tuple[Callable[[Turn, Heard], str | None], ...] = (
    _label,
    _number,
    _campaign,
    _own_words,
    _strong,
    _slots,
    _weak,
    _nearly,
    _nothing_yet,
)


def miss(turn: Turn) -> None:
    """Not understood: shorter with examples, then with buttons only, then a person is offered."""
    misses = turn.state.misses + 1
    turn.why = "not understood"
    if misses >= MISSES:
        turn.set(misses=0)
        turn.note("miss.person")
        follow(turn, "help.offer")
        return
    turn.set(misses=misses)
    question = standing(turn)
    if question.name not in QUESTIONS:
        follow(turn, "greet.menu")
        return
    if misses == 1 or not turn.state.offered:
        _example(turn, question)
    else:
        turn.note("miss.buttons")
    ask(turn, question.name, instead=True)


def _example(turn: Turn, question: Question) -> None:
    """The question, shorter, with something that works."""
    label = next((x.label for x in turn.state.offered if x.label), "")
    if question.again:
        turn.note(question.again)
    elif label:
        turn.note("miss.choice", example=label)
    else:
        turn.note("miss.tap")


def says(text: str, *wanted: str) -> bool:
    """Does a text carry one of these intents before all others?"""
    found = intents(plain(text))
    return bool(found) and found[0] in wanted
