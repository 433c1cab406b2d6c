"""Scene cart: more or check out, changing what was chosen, and stock that falls short."""

from __future__ import annotations

import msgspec

from app.core.dialog import shelf
from app.core.dialog.greet import live_products, product_choices, take_product
from app.core.dialog.scene import PLAN, Question, Take, go
from app.core.dialog.state import CartLine
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.wants import Arg, Choice
from app.core.pricing import find_variant, rates_for


def line_title(turn: Turn, line: CartLine) -> str:
    """A line of the cart in this person's words."""
    found = find_variant(turn.shop, line.variant_id)
    if found is None:
        return line.variant_id
    return shelf.variant_title(*found, turn.language, turn.shop.locale)


def line_paragraphs(turn: Turn) -> list[Paragraph]:
    """What is in the cart, a paragraph each, with its amount."""
    lines: list[Paragraph] = []
    for line in turn.state.cart:
        found = find_variant(turn.shop, line.variant_id)
        if found is not None:
            amount = turn.shop.money(found[1].price * line.quantity)
            item = line_title(turn, line)
            lines.append(("line.item", {"item": item, "count": line.quantity, "amount": amount}))
    return lines


# --- more or check out --------------------------------------------------------------------------


def more_prompt(turn: Turn) -> Prompt:
    """What is in the cart, and what else there is."""
    ids = list(turn.state.product_ids) or live_products(turn)
    if len(ids) == 1:
        ids = live_products(turn)
    choices = [Choice("checkout", key="choice.checkout"), *product_choices(turn, ids)]
    return Prompt((("cart.more", {}), *line_paragraphs(turn)), tuple(choices[: shelf.SHOWN]))


def checkout(turn: Turn, _value: str = "") -> str:
    """Enough looked at."""
    turn.set(browsing=False)
    return PLAN


def more(turn: Turn, _value: str = "") -> str:
    """Something else besides."""
    turn.set(browsing=True)
    return "cart.more"


# --- change -------------------------------------------------------------------------------------


def _change(turn: Turn) -> Prompt:
    lines = turn.state.cart
    choices: list[Choice] = []
    if len(lines) == 1:
        choices += _line_choices(turn, 0)
    else:
        choices += [Choice("line", str(i), label=line_title(turn, x)) for i, x in enumerate(lines)]
    choices.append(Choice("address", key="choice.address"))
    if len(rates_for(turn.shop, turn.state.address_country or turn.shop.country)) > 1:
        choices.append(Choice("delivery", key="choice.delivery"))
    choices += [
        Choice("more", key="choice.more"),
        Choice("cancel", key="choice.cancel"),
        Choice("done", key="choice.done"),
    ]
    return Prompt((("cart.change", {}), *line_paragraphs(turn)), tuple(choices))


def _line_choices(turn: Turn, at: int) -> list[Choice]:
    found = find_variant(turn.shop, turn.state.cart[at].variant_id)
    choices = [Choice("quantity", str(at), key="choice.quantity")]
    if found is not None and len(found[0].variants) > 1:
        option = found[0].options[0].name if found[0].options else {}
        name: Arg = turn.words(option)
        choices.append(Choice("option", str(at), key="choice.option", args={"option": name}))
    return choices


def _line(turn: Turn) -> Prompt:
    at = _index(turn, turn.state.note)
    if at is None:
        return _change(turn)
    item = line_title(turn, turn.state.cart[at])
    choices = (
        *_line_choices(turn, at),
        Choice("remove", str(at), key="choice.remove"),
        Choice("done", key="choice.done"),
    )
    return Prompt((("cart.line", {"item": item}),), choices)


def _index(turn: Turn, value: str) -> int | None:
    at = int(value) if value.isdecimal() else 0
    return at if at < len(turn.state.cart) else None


def _pick_line(turn: Turn, value: str) -> str:
    turn.set(note=value)
    return "cart.line"


def edit(turn: Turn, at: int, *, keep_values: bool) -> str:
    """Takes a line out to be chosen again; the cart as it was stays known, and kept, until then."""
    cart = turn.state.cart
    draft = shelf.draft_of(cart[at], turn.shop)
    draft = msgspec.structs.replace(draft, quantity=0) if keep_values else draft
    draft = draft if keep_values else msgspec.structs.replace(draft, values={})
    turn.set(before=cart, cart=cart[:at] + cart[at + 1 :], draft=draft)
    return PLAN


def edit_quantity(turn: Turn, value: str = "0") -> str:
    """How many of a line, again."""
    at = _index(turn, value)
    return PLAN if at is None else edit(turn, at, keep_values=True)


def edit_option(turn: Turn, value: str = "0") -> str:
    """Which kind of a line, again."""
    at = _index(turn, value)
    return PLAN if at is None else edit(turn, at, keep_values=False)


def _remove(turn: Turn, value: str) -> str:
    at = _index(turn, value)
    cart = turn.state.cart
    if at is None:
        return PLAN
    if len(cart) == 1:
        return "help.cancel"
    turn.set_cart(cart[:at] + cart[at + 1 :])
    turn.note("cart.removed")
    return PLAN


_LINE = {
    "quantity": Take(edit_quantity),
    "option": Take(edit_option),
    "done": Take(checkout),
}

QUESTIONS = (
    Question(
        "cart.more",
        ask=more_prompt,
        takes={"checkout": Take(checkout), "product": Take(take_product)},
        means={
            "checkout": "checkout",
            "no": "checkout",
            "pay": "checkout",
            "yes": "checkout",
        },
    ),
    Question(
        "cart.change",
        ask=_change,
        takes={
            **_LINE,
            "line": Take(_pick_line, ("cart.line",)),
            "address": go("address.where"),
            "delivery": go("address.delivery"),
            "more": Take(more, ("cart.more",)),
            "cancel": go("help.cancel"),
            "checkout": Take(checkout),
            "product": Take(take_product),
        },
        means={
            "quantity": "quantity",
            "other": "option",
            "address": "address",
            "delivery": "delivery",
            "more": "more",
            "no": "done",
            "keep": "done",
            "back": "done",
            "pay": "done",
            "checkout": "done",
        },
    ),
    Question(
        "cart.line",
        ask=_line,
        takes={**_LINE, "remove": Take(_remove, (PLAN, "help.cancel"))},
        means={
            "quantity": "quantity",
            "other": "option",
            "remove": "remove",
            "back": "done",
            "keep": "done",
            "no": "done",
        },
    ),
)
