"""What can leave the house: the neutral message, and how a plug is asked to send it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from app.core.money import Money


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """One choice under a message. Exactly one of `token` (an answer) and `url` (a link) is set."""

    label: str
    token: str | None = None
    url: str | None = None


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture with a title and its own buttons, for channels that show them."""

    title: str
    subtitle: str = ""
    image_url: str | None = None
    buttons: tuple[Button, ...] = ()


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rendered words and choices, still without a platform."""

    text: str
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    image_url: str | None = None


class Limits(msgspec.Struct, frozen=True):
    """A platform's rules as data. Lengths are in the unit named; durations are in seconds."""

    text: int
    text_unit: str = "characters"  # or "bytes" (UTF-8)
    buttons: int = 3  # buttons under one message
    button_label: int = 20
    button_text: int = 640  # text above buttons
    quick_replies: int = 0  # chips, when more choices than buttons
    quick_label: int = 20
    cards: int = 0
    card_title: int = 80
    url_buttons: bool = True
    window: int | None = None  # chat may be written to this long after the person's last input
    window_margin: int = 60
    comment_window: int | None = None  # a comment may be answered privately this long
    live_comment_window: int | None = None  # None: only while on air
    comment_buttons: bool = True  # may the private answer to a comment carry buttons
    public_reply: bool = False
    public_reply_live: bool = False
    sends_per_second: float = 50.0
    comment_replies_per_hour: int | None = None
    unknown_outcome: str = "repeat-once"  # retry-key | echo | once-by-nature | repeat-once
    comment_unknown_outcome: str = "repeat-once"
    echo_wait: int = 30
    retries: tuple[float, ...] = (1, 5, 15, 60, 300, 900, 1800, 3600)  # seconds between attempts


class Destination(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a message goes: the private chat of a person, or an answer to a comment.

    `to`: `chat`, `comment-private` or `comment-public`. `commented_at` and `live` belong to the
    comment and decide whether the platform still takes an answer.
    """

    to: str
    recipient: str = ""
    comment_id: str = ""
    commented_at: datetime | None = None
    live: bool = False


class ChannelSend(msgspec.Struct, frozen=True, tag="channel", tag_field="type"):
    """An outbox job for a channel plug."""

    destination: Destination
    message: Message
    purpose: str = ""


class OpenSession(msgspec.Struct, frozen=True, tag="open-session", tag_field="type"):
    """Ask a payment provider for its page. `reference` is our payment id, unique for ever."""

    payment_id: str
    reference: str
    money: Money
    title: str
    order_number: str
    return_url: str
    notify_url: str
    expires_at: datetime
    locale: str = "en"


class CloseSession(msgspec.Struct, frozen=True, tag="close-session", tag_field="type"):
    """Close the provider's page before the stock is given to somebody else."""

    payment_id: str
    reference: str
    session_id: str


class RefundPayment(msgspec.Struct, frozen=True, tag="refund", tag_field="type"):
    """Give money back. `refund_id` is the idempotency key."""

    refund_id: str
    reference: str
    capture_id: str
    money: Money
    reason: str = ""


class AskPayment(msgspec.Struct, frozen=True, tag="ask-payment", tag_field="type"):
    """Ask the provider what became of a payment: the poller's question."""

    payment_id: str
    reference: str
    session_id: str


class HandOff(msgspec.Struct, frozen=True, tag="hand-off", tag_field="type"):
    """Tell the membership store of an order. `event_id` stays the same over all retries."""

    event_id: str
    event_type: str
    order_id: str
    target: str
    body: str  # the JSON document of docs/membership.md, as text, fixed when the row was made


Job = ChannelSend | OpenSession | CloseSession | RefundPayment | AskPayment | HandOff


class Answered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the other side said to a successful call.

    `reference` is its id of what was sent; `recipient` the person it reached, when told;
    `details` whatever the caller of that plug has to learn (session url, payment state).
    """

    reference: str = ""
    recipient: str | None = None
    details: Mapping[str, str] = msgspec.field(default_factory=dict)


class Response(msgspec.Struct, frozen=True):
    """An HTTP answer as a plug sees it. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Call(msgspec.Struct, frozen=True):
    """One HTTP request that a plug wants made, and how to read its answer.

    `read` returns what was answered or raises one of the four plug errors. `timeout` in seconds.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    read: Callable[[Response], Answered]
    timeout: float = 10.0


class Body(msgspec.Struct, frozen=True):
    """An answer for a request that is waiting (synchronous platforms) or a page that reads rows."""

    body: bytes
    content_type: str = "application/json"
