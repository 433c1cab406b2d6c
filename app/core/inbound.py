"""What can happen to us: every input of the house is one of these events.

People's events come from a channel plug's `parse`; page, payment, send, timer and merchant events
are made by the house itself and take the same way through the inbox.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.core.addresses import Address
from app.core.event import Event
from app.core.money import Money
from app.core.news import Joined, OrderNews

# --- what a person does -------------------------------------------------------------------------


class Commented(Event, tag="commented", frozen=True):
    """A public comment under a post. `commented_at` is the platform's own time of the comment."""

    comment_id: str
    text: str
    commented_at: datetime
    post_ids: tuple[str, ...] = ()
    author_id: str | None = None
    author_name: str | None = None
    live: bool = False
    parent_id: str | None = None
    own: bool = False  # by our own account: the plug saw its id or a self mark


class Said(Event, tag="said", frozen=True):
    """A text in the private chat. `story` when it answers one of our stories."""

    text: str
    message_id: str = ""
    reply_to: str | None = None
    story: str | None = None
    ref: str | None = None


class Tapped(Event, tag="tapped", frozen=True):
    """A button or quick reply: the opaque token that we put on it, and its label."""

    token: str
    label: str = ""
    message_id: str = ""


MediaKind = Literal[
    "image", "video", "audio", "file", "sticker", "like", "story-mention", "share", "other"
]


class SentMedia(Event, tag="media", frozen=True):
    """A picture, sticker, voice note or anything else that is not text."""

    media: MediaKind
    message_id: str = ""
    url: str | None = None
    text: str = ""


class Arrived(Event, tag="arrived", frozen=True):
    """The chat was opened through a link, an advertisement or a QR code carrying `ref`."""

    ref: str
    source: str = ""


class Reacted(Event, tag="reacted", frozen=True):
    """An emoji on one of our messages; opens the window, moves nothing."""

    message_id: str
    emoji: str = ""


class Edited(Event, tag="edited", frozen=True):
    """A message already said now reads differently."""

    message_id: str
    text: str


class Unsent(Event, tag="unsent", frozen=True):
    """A message was taken back."""

    message_id: str


class Read(Event, tag="read", frozen=True):
    """The person has seen our messages up to this one; recorded, without effect."""

    message_id: str = ""


class Echoed(Event, tag="echoed", frozen=True):
    """A message that left our account: our own send, or a person of the shop typing by hand."""

    message_id: str
    text: str = ""


# --- what cannot be acted upon ------------------------------------------------------------------


class Unknown(Event, tag="unknown", frozen=True):
    """A well-formed item of a kind we do not handle; `what` names it."""

    what: str


class Unparsed(Event, tag="unparsed", frozen=True):
    """An item that could not be read; `error` says why."""

    error: str


class NotOurs(Event, tag="not-ours", frozen=True):
    """An entry for an account that this signature does not vouch for."""

    account: str


# --- what our own pages, loops and merchants report ---------------------------------------------


class TimerDue(Event, tag="timer", frozen=True):
    """A timer set by `SetTimer` ran out. Only the newest generation of a name counts."""

    name: str
    generation: int


class PayRequested(Event, tag="pay-requested", frozen=True):
    """The shopper pressed a payment method on the payment page."""

    link: str
    cart_version: int
    provider: str


class AddressFilled(Event, tag="address-filled", frozen=True):
    """The shopper sent the address form."""

    link: str
    address: Address
    email: str | None = None


class PaymentReported(Event, tag="payment-reported", frozen=True):
    """What a provider says of one payment: by webhook, return page or poller, all the same."""

    reference: str
    outcome: Literal["captured", "failed", "expired"]
    capture_id: str = ""
    money: Money | None = None
    reason: str = ""


class SessionOpened(Event, tag="session-opened", frozen=True):
    """The provider opened its page for a payment."""

    payment_id: str
    session_id: str
    url: str


class RefundReported(Event, tag="refund-reported", frozen=True):
    """What a provider says of one refund."""

    refund_id: str
    outcome: Literal["refunded", "failed"]
    provider_ref: str = ""
    reason: str = ""


class PaymentOverdue(Event, tag="payment-overdue", frozen=True):
    """An order was not paid in its time: the net under the chat's own timer."""

    order_id: str


class SendReported(Event, tag="send-reported", frozen=True):
    """What became of a send that the conversation has to know about."""

    outbox_id: int
    purpose: str
    outcome: Literal["sent", "refused", "dead", "expired"]
    recipient: str | None = None
    reason: str = ""
    rule: str | None = None


class TakenOver(Event, tag="taken-over", frozen=True):
    """A person of the shop answers from now on; the bot is silent."""

    by: str


class HandedBack(Event, tag="handed-back", frozen=True):
    """The bot answers again, on the step where it stopped."""

    by: str


class MerchantSaid(Event, tag="merchant-said", frozen=True):
    """A person of the shop writes into the chat through us."""

    text: str
    by: str


class CancelAsked(Event, tag="cancel-asked", frozen=True):
    """A merchant cancels an order; a paid one is refunded whole."""

    order_id: str
    reason: str
    by: str


class RefundAsked(Event, tag="refund-asked", frozen=True):
    """A merchant gives all the money of an order back."""

    order_id: str
    reason: str
    by: str


class ShipmentMarked(Event, tag="shipment-marked", frozen=True):
    """A merchant handed an order to a carrier."""

    order_id: str
    carrier: str
    tracking: str
    by: str
    tracking_url: str | None = None


AnyEvent = (
    Commented
    | Said
    | Tapped
    | SentMedia
    | Arrived
    | Reacted
    | Edited
    | Unsent
    | Read
    | Echoed
    | Unknown
    | Unparsed
    | NotOurs
    | TimerDue
    | PayRequested
    | AddressFilled
    | PaymentReported
    | SessionOpened
    | RefundReported
    | PaymentOverdue
    | SendReported
    | TakenOver
    | HandedBack
    | MerchantSaid
    | CancelAsked
    | RefundAsked
    | ShipmentMarked
    | OrderNews
    | Joined
)


class Item(msgspec.Struct, frozen=True):
    """One event as a plug reads it off the wire, before it has a row.

    `key` is the platform's own id of the event, prefixed by kind; `address` is who it belongs to
    (`user:<id>`, `comment:<id>`, or empty when nobody's conversation is meant); `account` is the
    platform account the entry names; `extra` names fields that the parser does not know.
    """

    key: str
    address: str
    event: AnyEvent
    occurred_at: datetime
    account: str
    raw: bytes
    extra: tuple[str, ...] = ()
