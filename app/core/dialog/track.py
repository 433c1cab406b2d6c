"""Scene track: what became of my orders."""

from __future__ import annotations

from app.core.dialog.facts import KnownOrder
from app.core.dialog.scene import PLAN, Question, go
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.wants import Choice

SHOWN = 3  # orders told of at once

# An order's state -> the words for it; another state is told by its name.
WORDS = {
    "awaiting_payment": "order.awaiting-payment",
    "paid": "order.paid",
    "shipped": "order.shipped",
    "delivered": "order.delivered",
    "cancelled": "order.cancelled",
    "expired": "order.expired",
    "refunded": "order.refunded",
}


def order_paragraphs(turn: Turn) -> list[Paragraph]:
    """The newest orders, a paragraph each, with the parcel's number where there is one."""
    told: list[Paragraph] = []
    for order in turn.facts.person.orders[:SHOWN]:
        told.append(_told(order))
        if order.tracking:
            told.append(("order.parcel", {"carrier": order.carrier, "tracking": order.tracking}))
    return told


def _told(order: KnownOrder) -> Paragraph:
    key = WORDS.get(order.state, "order.other")
    return key, {"number": order.number, "total": order.total, "items": ", ".join(order.lines)}


def show(turn: Turn) -> str:
    """Tells of the orders: in the middle of a purchase as a remark, else as a scene of its own."""
    if not turn.buying:
        return "track.orders"
    turn.notes += order_paragraphs(turn) or [("order.none", {})]
    return "stay"


def _orders(turn: Turn) -> Prompt:
    told = order_paragraphs(turn) or [("order.none", {})]
    newest = next(iter(turn.facts.person.orders), None)
    choices: tuple[Choice, ...] = ()
    if newest is not None and newest.tracking_url:
        choices = (Choice("track", key="choice.track", url=newest.tracking_url),)
    choices = (
        *choices,
        Choice("shop", key="choice.shop-more"),
        Choice("person", key="choice.person"),
    )
    return Prompt(tuple(told), choices, purpose="orders")


QUESTIONS = (
    Question(
        "track.orders",
        ask=_orders,
        takes={
            "shop": go("greet.menu"),
            "person": go("help.person"),
            "orders": go(PLAN),
        },
        means={"menu": "shop", "more": "shop", "no": "shop"},
    ),
)
