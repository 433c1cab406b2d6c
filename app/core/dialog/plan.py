"""What is still open: the gates between a first word and a payment, in their order."""

from __future__ import annotations

import msgspec

from app.core.dialog import shelf
from app.core.dialog.address import delivery_open, where_open
from app.core.dialog.campaigns import public_reply
from app.core.dialog.facts import Product
from app.core.dialog.scene import PLAN
from app.core.dialog.scenes import QUESTIONS
from app.core.dialog.state import CartLine, Draft
from app.core.dialog.turn import Paragraph, Turn
from app.core.dialog.wants import HoldStock
from app.core.pricing import find_variant

# Each gate: its question, and when it is still open. The first open one is asked. After the gates
# comes the summary: with `Buy now` as long as the person has not answered in the chat, because only
# an answer there opens the window and may keep stock.
GATES: tuple[tuple[str, str], ...] = (
    ("browse.product", "several products, none chosen"),
    ("browse.sold", "what is wanted is sold out"),
    ("browse.option", "an option is not decided"),
    ("browse.quantity", "how many is not known"),
    ("cart.more", "the person wants to look on"),
    ("address.where", "no address known"),
    ("address.rest", "a piece of the address is missing"),
    ("address.delivery", "several ways of delivery"),
    ("pay.waiting", "an order awaits its money"),
    ("pay.buy", "not answered in the chat yet"),
    ("pay.express", "a campaign that pays straight from the comment"),
    ("pay.summary", "everything is known"),
    ("greet.menu", "nothing is being bought"),
)


def plan(turn: Turn) -> None:
    """Asks what comes next, or wants what has to be fetched before it can be asked."""
    _tidy(turn)
    _prefill(turn)
    if _hold_first(turn):
        return
    ask(turn, next_question(turn))


def next_question(turn: Turn) -> str:
    """The first gate that is open."""
    state = turn.state
    if turn.product is not None:
        return _choosing(turn, turn.product)
    if not state.cart:
        return "browse.product" if _products(turn) else "greet.menu"
    if state.browsing:
        return "cart.more"
    return _checkout(turn)


def _choosing(turn: Turn, product: Product) -> str:
    values = turn.state.draft.values
    if not any(shelf.available(turn.facts, x) for x in shelf.matching(product, values)):
        return "browse.sold"
    return "browse.quantity" if shelf.open_option(product, values) is None else "browse.option"


def _checkout(turn: Turn) -> str:
    if turn.state.order_id:
        return "pay.waiting"
    if turn.state.address_parsed is not None:
        return "address.rest"
    if where_open(turn):
        return "address.where"
    if delivery_open(turn):
        return "address.delivery"
    if turn.state.answered:
        return "pay.summary"
    campaign = shelf.find_campaign(turn.shop, turn.state.campaign_id)
    return "pay.express" if campaign and campaign.express else "pay.buy"


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
