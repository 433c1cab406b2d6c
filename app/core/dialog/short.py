"""Scene cart, when stock falls short: fewer, another kind, without it, or wait."""

from __future__ import annotations

from app.core.dialog import shelf
from app.core.dialog.browse import NEAREST, variant_choice, waitlist
from app.core.dialog.cart import checkout, line_title, more_prompt
from app.core.dialog.greet import take_product
from app.core.dialog.scene import DONE, PLAN, STAY, Question, Take
from app.core.dialog.state import CartLine
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.understand import Heard
from app.core.dialog.wants import Choice
from app.core.pricing import find_variant


def short(turn: Turn, free: dict[str, int]) -> str:
    """The hold was refused: remembers which line fell short, and how many are left of it."""
    for at, line in enumerate(turn.state.cart):
        if line.quantity > free.get(line.variant_id, line.quantity):
            turn.set(note=f"{at}:{max(0, free[line.variant_id])}")
            return "cart.short"
    turn.set(note="0:0")
    return "cart.short"


def _short_line(turn: Turn) -> tuple[int, int] | None:
    at, _, left = turn.state.note.partition(":")
    if not (at.isdecimal() and left.isdecimal()) or int(at) >= len(turn.state.cart):
        return None
    return int(at), int(left)


def _short(turn: Turn) -> Prompt:
    found = _short_line(turn)
    if found is None:
        return more_prompt(turn)
    at, left = found
    line = turn.state.cart[at]
    there = find_variant(turn.shop, line.variant_id)
    choices: list[Choice] = []
    if left:
        choices.append(Choice("fewer", str(left), key="choice.fewer", args={"count": left}))
    if there is not None:
        near = shelf.nearest(turn.facts, *there)[:NEAREST]
        choices += [variant_choice(turn, there[0], x) for x in near]
    if not left:
        choices.append(Choice("waitlist", key="choice.waitlist"))
    choices.append(Choice("drop", key="choice.drop"))
    item = line_title(turn, line)
    words: Paragraph = ("cart.short", {"item": item, "count": left})
    if not left:
        words = ("cart.sold-out", {"item": item})
    return Prompt((words,), tuple(choices), purpose="sold-out")


def _replace_short(turn: Turn, line: CartLine | None) -> str:
    found = _short_line(turn)
    if found is None:
        return PLAN
    cart = list(turn.state.cart)
    cart[found[0] : found[0] + 1] = [line] if line else []
    turn.set_cart(shelf.merged(cart, turn.shop.max_quantity))
    return PLAN


def _fewer(turn: Turn, value: str) -> str:
    found = _short_line(turn)
    if found is None or not value.isdecimal() or not 1 <= int(value) <= max(1, found[1]):
        return STAY
    return _replace_short(turn, CartLine(turn.state.cart[found[0]].variant_id, int(value)))


def _hear_fewer(turn: Turn, heard: Heard) -> str | None:
    """`두 개만 살게요`: fewer; another colour by its name."""
    found = _short_line(turn)
    there = find_variant(turn.shop, turn.state.cart[found[0]].variant_id) if found else None
    if found is None or there is None:
        return None
    product, variant = there
    if heard.values and heard.product_id in {"", product.id}:
        values = {**{str(at): x for at, x in enumerate(variant.values)}, **heard.values}
        other = shelf.chosen(product, values)
        return _other_variant(turn, other.id) if other else None
    return _fewer(turn, str(heard.quantity)) if heard.quantity is not None else None


def _other_variant(turn: Turn, value: str) -> str:
    found = _short_line(turn)
    if found is None or find_variant(turn.shop, value) is None:
        return PLAN
    return _replace_short(turn, CartLine(value, turn.state.cart[found[0]].quantity))


def _drop(turn: Turn, _value: str) -> str:
    return _replace_short(turn, None)


def _wait(turn: Turn, value: str) -> str:
    found = _short_line(turn)
    if found is None:
        return PLAN
    turn.set(draft=shelf.draft_of(turn.state.cart[found[0]], turn.shop))
    _drop(turn, value)
    return waitlist(turn, value)


QUESTIONS = (
    Question(
        "cart.short",
        ask=_short,
        takes={
            "fewer": Take(_fewer, (PLAN, STAY)),
            "variant": Take(_other_variant),
            "waitlist": Take(_wait, (PLAN, DONE)),
            "drop": Take(_drop),
            "checkout": Take(checkout),
            "product": Take(take_product),
        },
        means={"yes": "fewer", "no": "drop", "remove": "drop", "waitlist": "waitlist"},
        hears=_hear_fewer,
        hears_goes=(PLAN, STAY),
        slots=False,
        bare="fewer",
    ),
)
