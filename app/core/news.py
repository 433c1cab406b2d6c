"""What the house made of an event, told to the conversation.

A payment report or a merchant's click is settled by the slices first, whatever the dialog does; the
dialog is then told the result through one of these. They never stand in the inbox.
"""

from __future__ import annotations

from app.core.event import Event
from app.core.money import Money


class OrderNews(Event, tag="order-news", frozen=True):
    """Something happened to an order of this person.

    `what`: paid, late-paid, late-refunded, double-refunded, mismatch, payment-failed,
    payment-expired, refunded, refund-failed, cancelled, shipped, unchanged.
    """

    what: str
    order_id: str
    number: str
    total: Money
    money: Money | None = None
    points: int | None = None
    tier: str | None = None
    next_tier: str | None = None
    to_next_tier: Money | None = None
    carrier: str = ""
    tracking: str = ""
    tracking_url: str | None = None
    reason: str = ""
    lines: tuple[str, ...] = ()


class Joined(Event, tag="joined", frozen=True):
    """Another address proved to be this same person."""

    address: str
