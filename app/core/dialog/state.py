"""Where a conversation stands. Small, serialisable, with its schema version in it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.addresses import Address

SCHEMA = 1
FLOW = "1"


class Offered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A choice that was shown: number, label and token mean the same answer."""

    token: str
    label: str
    action: str
    value: str = ""


class CartLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is in the cart."""

    variant_id: str
    quantity: int


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """The line being chosen: product, the option values so far, quantity."""

    product_id: str = ""
    values: dict[str, str] = {}  # option position as text -> value
    quantity: int = 0


class Remark(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph that is still to be said, by its catalogue key."""

    key: str
    args: dict[str, str | int] = {}


class CommentRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """The comment whose private answer is still to be given, and whether a public one follows."""

    comment_id: str
    commented_at: datetime
    live: bool = False
    public: bool = False
    handle: str = ""


class State(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One conversation between steps.

    `scene` names the module that answers next; `asked` is what that scene asked. `cart_version`
    rises with every change of cart, address or delivery, so that old links and buttons are known.
    `step` rises with every message that offers choices.
    """

    schema: int = SCHEMA
    flow: str = FLOW
    scene: str = "start"
    asked: str = ""
    language: str = ""
    campaign_id: str = ""
    step: int = 0
    offered: tuple[Offered, ...] = ()
    draft: Draft = Draft()
    cart: tuple[CartLine, ...] = ()
    cart_version: int = 0
    address_id: str = ""
    address_label: str = ""
    address_country: str = ""
    address_parsed: Address | None = None
    shipping_id: str = ""
    held_until: datetime | None = None
    pay_url: str = ""
    order_id: str = ""
    order_number: str = ""
    misses: int = 0
    nudged: bool = False
    person: bool = False  # a person of the shop answers; the bot is silent
    opened: bool = False  # the person has spoken in this chat: it may be written to
    greeted: bool = False  # said once that this is a bot
    comments: tuple[str, ...] = ()  # comments answered lately, newest last (bounded)
    back: tuple[str, ...] = ()  # scenes to return to on "back"
    note: str = ""  # whatever a scene must remember until its next event
    product_ids: tuple[str, ...] = ()  # what this conversation is about, as its campaigns say
    comment: CommentRef | None = None  # set until its private answer is said
    answered: bool = False  # the person has answered in the chat in this flow: stock may be kept
    browsing: bool = False  # the person wants to add more before checking out
    held: tuple[CartLine, ...] = ()  # what is kept until `held_until`
    pending: str = ""  # the question (or `plan`) that waits for a result
    pay_version: int = 0  # the cart version that `pay_url` is for
    pay_until: datetime | None = None
    form_url: str = ""
    form_until: datetime | None = None
    taken: str = ""  # the token of the answer just taken: pressing it again is harmless
    heard_at: datetime | None = None  # the person's last input in the chat
    heard_id: str = ""  # its message id
    stopped: bool | None = None  # opted out; None = as the facts say
    dormant: bool = False  # silent for long: nothing kept, nothing waited for, may go on any time
    carry: tuple[Remark, ...] = ()  # remarks to make with the next question
    before: tuple[CartLine, ...] = ()  # the cart before a change, for "back"
    left_order: str = ""  # the order given up last: its end is no news
    paid_version: int = 0  # the cart version paid last
