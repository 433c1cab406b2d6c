"""What may become of an order, and its number."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from app.core.errors import Conflict
from app.core.ordering import MOVES, OrderEvent, OrderState, allowed, move, order_number


def test_the_table_knows_every_state_and_leads_to_known_states_only():
    states = set(get_args(OrderState))
    assert set(MOVES) == states
    assert {x for moves in MOVES.values() for x in moves.values()} <= states
    assert {x for moves in MOVES.values() for x in moves} == set(get_args(OrderEvent))


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        ("awaiting_payment", "pay", "paid"),
        ("awaiting_payment", "cancel", "cancelled"),
        ("awaiting_payment", "expire", "expired"),
        ("expired", "pay", "paid"),
        ("paid", "ship", "shipped"),
        ("shipped", "deliver", "delivered"),
        ("delivered", "refund", "refunded"),
    ],
)
def test_allowed_moves(state, event, after):
    assert allowed(state, event)
    assert move(state, event) == after


@pytest.mark.parametrize(
    ("state", "event"),
    [("cancelled", "pay"), ("refunded", "refund"), ("paid", "cancel"), ("paid", "pay"),
     ("awaiting_payment", "ship"), ("expired", "ship")],
)  # fmt: skip
def test_other_moves_are_refused_by_name(state, event):
    assert not allowed(state, event)
    with pytest.raises(Conflict) as refusal:
        move(state, event)
    assert refusal.value.code == "order-state"
    assert state in refusal.value.text


def test_order_numbers_can_be_read_out():
    for counter in (1, 2, 999, 143_999, 144_000, 5_000_000):
        assert re.fullmatch(r"[2-9][ACDEFGHJKMNQRTUWXY]{1,3}-\d{3}", order_number(counter))


def test_order_numbers_never_repeat():
    numbers = {order_number(x) for x in range(300_000)}
    assert len(numbers) == 300_000


def test_neighbours_do_not_look_alike():
    pairs = [(order_number(x), order_number(x + 1)) for x in range(1, 500)]
    assert all(a.split("-")[0] != b.split("-")[0] for a, b in pairs)
