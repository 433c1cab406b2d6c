"""What is still open: the gates between a first word and a payment, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from app.core.dialog import shelf
from app.core.dialog.address import delivery_open, where_open
from app.core.dialog.campaigns import public_reply
from app.core.dialog.scene import PLAN
from app.core.dialog.scenes import QUESTIONS
from app.core.dialog.state import CartLine, Draft
from app.core.dialog.turn import Paragraph, Turn
from app.core.dialog.wants import HoldStock
from app.core.pricing import find_variant


@dataclass(frozen=True)
class Gate:
    """A question that is asked as long as `is_open`, and why."""

    question: str
    why: str
    is_open: Callable[[Turn], bool]


def plan(turn: Turn) -> None:
    """Asks what comes next, or wants what has to be fetched before it can be asked."""
    _tidy(turn)
    _prefill(turn)
    if _hold_first(turn):
        return
    ask(turn, next_question(turn))


def next_question(turn: Turn) -> str:
    """The first gate that is open."""
    return next(x.question for x in GATES if x.is_open(turn))


def _sold_out(turn: Turn) -> bool:
    product = turn.product
    if product is None:
        return False
    fits = shelf.matching(product, turn.state.draft.values)
    return not any(shelf.available(turn.facts, x) for x in fits)


def _option_open(turn: Turn) -> bool:
    product = turn.product
    return product is not None and shelf.open_option(product, turn.state.draft.values) is not None


def _express(turn: Turn) -> bool:
    campaign = shelf.find_campaign(turn.shop, turn.state.campaign_id)
    return not turn.state.answered and campaign is not None and campaign.express


# What is being chosen comes first, then where it goes, then the money. Without an answer in the
# chat there is no payment link (but for express campaigns): only an answer opens the window and
# may keep stock.
GATES: tuple[Gate, ...] = (
    Gate("browse.sold", "what is wanted is sold out", _sold_out),
    Gate("browse.option", "an option is not decided", _option_open),
    Gate("browse.quantity", "how many is not known", lambda turn: turn.product is not None),
    Gate(
        "browse.product",
        "several products, none chosen",
        lambda turn: not turn.state.cart and bool(_products(turn)),
    ),
    Gate("greet.menu", "nothing is being bought", lambda turn: not turn.state.cart),
    Gate("cart.more", "the person looks on", lambda turn: turn.state.browsing),
    Gate("pay.waiting", "an order awaits its money", lambda turn: turn.state.order_id != ""),
    Gate(
        "address.rest",
        "a piece of the address is missing",
        lambda turn: turn.state.address_parsed is not None,
    ),
    Gate("address.where", "no address is known", where_open),
    Gate("address.delivery", "several ways of delivery", delivery_open),
    Gate("pay.express", "paid straight from the comment", _express),
    Gate("pay.buy", "no answer in the chat yet", lambda turn: not turn.state.answered),
    Gate("pay.summary", "everything is known", lambda _turn: True),
)


def _products(turn: Turn) -> list[str]:
    return [x.id for x in shelf.sold_products(turn.shop, turn.state.product_ids)]


def _tidy(turn: Turn) -> None:
    """Drops from cart and draft what the shop sells no more."""
    kept = tuple(x for x in turn.state.cart if _sold(turn, x))
    if kept != turn.state.cart:
        turn.note("cart.gone")
        turn.set_cart(kept)
    product = turn.product
    gone = turn.state.draft.product_id and product is None
    if gone or (product is not None and not shelf.matching(product, turn.state.draft.values)):
        turn.note("cart.gone")
        turn.set(draft=Draft())


def _sold(turn: Turn, line: CartLine) -> bool:
    found = find_variant(turn.shop, line.variant_id)
    return found is not None and found[1].active


def _prefill(turn: Turn) -> None:
    """Fills in what needs no question, and puts a whole line into the cart."""
    if turn.draft_is_empty() and not turn.state.cart:
        products = _products(turn)
        if len(products) == 1:
            turn.set_draft(product_id=products[0])
    product = turn.product
    if product is None:
        return
    variant = shelf.chosen(product, turn.state.draft.values)
    if variant is None:
        return
    draft = turn.state.draft
    # Whoever is known sees one piece in the summary, with everything changeable: no question.
    quantity = draft.quantity or (1 if turn.known and not turn.state.before else 0)
    if quantity < 1 or not (turn.known or turn.state.answered):
        return
    if not shelf.available(turn.facts, variant):
        return
    line = CartLine(variant.id, min(quantity, turn.shop.max_quantity))
    turn.set(draft=Draft(), before=())
    turn.set_cart(shelf.merged([*turn.state.cart, line], turn.shop.max_quantity))


def _hold_first(turn: Turn) -> bool:
    state = turn.state
    if not (state.answered and state.cart) or turn.hold_live:
        return False
    lines = tuple((x.variant_id, x.quantity) for x in state.cart)
    turn.fetch(HoldStock(lines, turn.now + turn.hold_time), PLAN)
    return True


def ask(turn: Turn, name: str, *, instead: bool = False) -> None:
    """Asks that question, once what it needs has been fetched.

    With `instead` the notes stand in place of its words, and only its choices are shown: for
    somebody who has just read it.
    """
    if name.startswith("pay."):
        # What is paid is whole: a change that was begun and not finished is given up.
        turn.restore()
        name = name if turn.state.cart else next_question(turn)
    question = QUESTIONS[name]
    if question.needs is not None:
        need = question.needs(turn)
        if need is not None:
            turn.fetch(need, name)
            return
    carried: list[Paragraph] = [(x.key, {**x.args}) for x in turn.state.carry]
    turn.notes = carried + turn.notes
    turn.set(carry=(), pending="")
    prompt = question.ask(turn)
    if instead and turn.notes:
        prompt = msgspec.structs.replace(prompt, paragraphs=(), cards=(), image=None)
    turn.say(name, prompt)
    scene, _, asked = name.partition(".")
    turn.set(scene=scene, asked=asked, dormant=False)
    _after_comment(turn)
    turn.wait()


def _after_comment(turn: Turn) -> None:
    """The comment has its one private answer; the public one follows where the campaign has it."""
    ref = turn.state.comment
    if ref is None:
        return
    reply = public_reply(turn, ref)
    if reply is not None:
        turn.want(reply)
    turn.set(comment=None)


def resume(turn: Turn) -> None:
    """Goes on where a result was waited for."""
    name = turn.state.pending
    if name == PLAN or name not in QUESTIONS:
        plan(turn)
    else:
        ask(turn, name)
