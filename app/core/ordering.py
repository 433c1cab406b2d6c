"""What may become of an order, and the number that people call it by."""

from __future__ import annotations

from typing import Literal

from app.core.errors import Conflict

OrderState = Literal[
    "awaiting_payment", "paid", "shipped", "delivered", "cancelled", "expired", "refunded"
]
OrderEvent = Literal["pay", "ship", "deliver", "cancel", "expire", "refund"]

# Money that comes late may revive an expired order (if its stock is free), never a cancelled one:
# that was somebody's wish, so its money goes back. A paid order is left by a refund alone, so that
# no money is kept for an order that is off.
MOVES: dict[OrderState, dict[OrderEvent, OrderState]] = {
    "awaiting_payment": {"pay": "paid", "cancel": "cancelled", "expire": "expired"},
    "paid": {"ship": "shipped", "refund": "refunded"},
    "shipped": {"deliver": "delivered", "refund": "refunded"},
    "delivered": {"refund": "refunded"},
    "cancelled": {},
    "expired": {"pay": "paid"},
    "refunded": {},
}


def allowed(state: OrderState, event: OrderEvent) -> bool:
    """May this happen to an order in that state?"""
    return event in MOVES[state]


def move(state: OrderState, event: OrderEvent) -> OrderState:
    """The state after `event`. Raises `Conflict` (`order-state`) when it may not happen."""
    try:
        return MOVES[state][event]
    except KeyError:
        raise Conflict(
            f"An order that is {state} cannot take '{event}'.", code="order-state"
        ) from None


# No 0, 1, I, L, O (look alike), no B, P, V (sound like D, T), no S (like 5), no Z (like 2): what is
# left is told apart on paper and over the telephone, in English and in Korean.
_DIGITS = "23456789"
_LETTERS = "ACDEFGHJKMNQRTUWXY"
_BLOCK = len(_DIGITS) * len(_LETTERS) * 1000
# Coprime to the block: a permutation of it, so that neighbours do not look alike and nobody reads
# a shop's sales off two numbers.
_STRIDE = 60_317
_OFFSET = 41_219


def order_number(counter: int) -> str:
    """The number of a shop's n-th order (1, 2, …), such as `4K-219`; no two are equal.

    The first 144,000 have two characters before the dash; later ones get a letter more.
    """
    block, place = divmod(max(0, counter), _BLOCK)
    head, tail = divmod((place * _STRIDE + _OFFSET) % _BLOCK, 1000)
    digit, letter = divmod(head, len(_LETTERS))
    more = ""
    while block:
        block, rest = divmod(block - 1, len(_LETTERS))
        more = _LETTERS[rest] + more
    return f"{_DIGITS[digit]}{_LETTERS[letter]}{more}-{tail:03d}"
