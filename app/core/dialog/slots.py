"""Filling in what a message names in passing: product, options, quantity, the last address."""

from __future__ import annotations

import msgspec

from app.core.dialog import shelf
from app.core.dialog.campaigns import Match
from app.core.dialog.changes import same_address
from app.core.dialog.scene import PLAN, STAY
from app.core.dialog.state import CartLine, Draft
from app.core.dialog.turn import Turn
from app.core.dialog.understand import Heard
from app.core.pricing import find_variant


def apply_slots(turn: Turn, heard: Heard) -> str | None:
    """Takes over what is named; None when nothing is."""
    if not heard.slots and not heard.last_address:
        return None
    applied = heard.slots and _apply(turn, heard)
    if heard.last_address:
        applied = same_address(turn) or applied
    if not applied:
        return None
    quantity = heard.quantity
    if quantity is not None and not 1 <= quantity <= turn.shop.max_quantity:
        turn.note("quantity.bounds", most=turn.shop.max_quantity)
    return PLAN


def _count(turn: Turn, heard: Heard) -> int:
    """The quantity, where it is one that may be ordered."""
    count = heard.quantity or 0
    return count if 1 <= count <= turn.shop.max_quantity else 0


def _apply(turn: Turn, heard: Heard) -> bool:
    draft = turn.state.draft
    named = heard.product_id
    if draft.product_id and (not named or named == draft.product_id):
        return _apply_draft(turn, heard)
    at = _line_meant(turn, named)
    if at is not None and not draft.product_id and (heard.values or heard.quantity is not None):
        return _apply_line(turn, at, heard)
    product = turn.shop.products.get(named)
    if product is None:
        return False
    values = heard.values if shelf.matching(product, heard.values) else {}
    turn.set(draft=Draft(product.id, values, _count(turn, heard)), browsing=False)
    return True


def _apply_draft(turn: Turn, heard: Heard) -> bool:
    """On top of what is chosen already; a value that fits no variant with the rest wins over it."""
    product = turn.product
    if product is None:
        return False
    values = {**turn.state.draft.values, **heard.values}
    if not shelf.matching(product, values):
        values = heard.values if shelf.matching(product, heard.values) else {}
    count = _count(turn, heard) or turn.state.draft.quantity
    turn.set_draft(values=values, quantity=count)
    return True


def _line_meant(turn: Turn, product_id: str) -> int | None:
    """The one line of the cart that a change can mean."""
    lines = [
        at
        for at, line in enumerate(turn.state.cart)
        if not product_id or shelf.draft_of(line, turn.shop).product_id == product_id
    ]
    return lines[0] if len(lines) == 1 else None


def _apply_line(turn: Turn, at: int, heard: Heard) -> bool:
    line = turn.state.cart[at]
    found = find_variant(turn.shop, line.variant_id)
    if found is None:
        return False
    product, variant = found
    values = {**{str(i): x for i, x in enumerate(variant.values)}, **heard.values}
    wanted = shelf.chosen(product, values) or variant
    if not shelf.available(turn.facts, wanted):
        # Sold out is said where alternatives are offered, and the line waits there.
        turn.set(before=turn.state.cart)
        cart = turn.state.cart
        turn.set(cart=cart[:at] + cart[at + 1 :], draft=Draft(product.id, values, line.quantity))
        return True
    count = _count(turn, heard) or line.quantity
    lines = list(turn.state.cart)
    lines[at] = CartLine(wanted.id, count)
    turn.set_cart(shelf.merged(lines, turn.shop.max_quantity))
    return True


# --- campaigns ----------------------------------------------------------------------------------


def open_matches(turn: Turn, heard: Heard) -> str | None:
    """The campaigns that a text names: what runs is opened, what does not is told."""
    live = [x for x in heard.matches if x.when == "live"]
    if not live:
        _tell_why(turn, heard.matches[0])
        return STAY if turn.open_flow else "greet.menu"
    begin(turn, live, heard)
    return PLAN


def _tell_why(turn: Turn, match: Match) -> None:
    starts = match.campaign.starts
    if match.when == "before" and starts is not None:
        turn.note("campaign.before", starts=starts)
    else:
        turn.note("campaign.over")


def begin(turn: Turn, live: list[Match], heard: Heard) -> None:
    """Opens these campaigns in this chat; what is in the cart stays there."""
    ids = tuple(dict.fromkeys(y for x in live for y in x.campaign.product_ids))
    sold = tuple(x for x in ids if x in turn.shop.products)
    same = turn.state.campaign_id == live[0].campaign.id
    turn.set(campaign_id=live[0].campaign.id, product_ids=sold, browsing=False)
    if not same:
        turn.set(draft=Draft())
    if heard.product_id in sold:
        _apply(turn, heard)
    elif len(sold) == 1 and turn.draft_is_empty() and not (same and turn.state.cart):
        turn.set(draft=Draft(sold[0]))
        _apply(turn, msgspec.structs.replace(heard, product_id=sold[0]))
    if heard.last_address:
        same_address(turn)
