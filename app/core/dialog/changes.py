"""Going back, and changes that are named in words: `주소 바꿀래요`, `other colour`."""

from __future__ import annotations

from collections.abc import Callable

from app.core.dialog import cart, shelf
from app.core.dialog.address import rates, usable, use_address
from app.core.dialog.scene import PLAN, STAY
from app.core.dialog.state import Draft
from app.core.dialog.turn import Turn
from app.core.pricing import find_variant


def back(turn: Turn) -> str:
    """One question back; what it had decided is open again."""
    if turn.state.before:
        turn.restore()
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


def _again(_turn: Turn, _name: str) -> str:
    return PLAN


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


def change_address(turn: Turn) -> str:
    """Another address."""
    return "address.where" if turn.state.cart else STAY


def change_delivery(turn: Turn) -> str:
    """Another way of delivery."""
    return "address.delivery" if turn.state.cart and len(rates(turn)) > 1 else STAY


def change_quantity(turn: Turn) -> str:
    """Another number of pieces."""
    if turn.product is not None:
        return STAY
    if len(turn.state.cart) == 1:
        return cart.edit_quantity(turn)
    return "cart.change" if turn.state.cart else STAY


def change_option(turn: Turn) -> str:
    """Another kind."""
    if turn.product is not None:
        turn.set_draft(values={})
        return PLAN
    if len(turn.state.cart) == 1:
        found = find_variant(turn.shop, turn.state.cart[0].variant_id)
        if found is not None and len(found[0].variants) > 1:
            return cart.edit_option(turn)
    return "cart.change" if turn.state.cart else "greet.menu"


def change(turn: Turn) -> str:
    """Something is to be different, what is not said: everything is shown."""
    if turn.state.cart:
        return "cart.change"
    if turn.product is not None:
        turn.set(draft=Draft())
        return PLAN
    return STAY


def more(turn: Turn) -> str:
    """Something else besides."""
    return cart.more(turn) if turn.state.cart else "greet.menu"


def menu(turn: Turn) -> str:
    """What there is to buy."""
    return "cart.more" if turn.state.cart else "greet.menu"


def same_address(turn: Turn) -> bool:
    """`저번 주소로`: the address used last."""
    saved = usable(turn)
    if saved:
        use_address(turn, saved[0])
    return bool(saved)
