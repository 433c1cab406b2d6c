"""What a step wants done. Wants with an outcome come back to `step` as a result event."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.core.addresses import Address
from app.core.money import Money

Arg = str | int | bool | None | Money | datetime | tuple[str, ...]


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer offered under a message.

    `action` and `value` come back as the meaning of the tap, of its number and of its label; `key`
    names the label in the catalogue (or `label` gives it, for a product's own words). A choice with
    `url` opens a link instead and needs no token.
    """

    action: str = ""
    value: str = ""
    key: str = ""
    label: str = ""
    args: dict[str, Arg] = {}
    url: str | None = None
    note: str = ""  # catalogue key of a short remark after the label, such as "sold out"
    token: str = ""  # given by the step; what the tap brings back


class ShownProduct(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product as a card, for channels that show cards."""

    title: str
    subtitle: str = ""
    image: str | None = None
    choices: tuple[Choice, ...] = ()


class Want(msgspec.Struct, frozen=True, tag_field="want", omit_defaults=True):
    """Base of every want."""


class Say(Want, tag="say", frozen=True, kw_only=True):
    """A message to this person, by catalogue key. `parts` are further keys, one paragraph each.

    `to`: `chat`, or `comment-private` / `comment-public` with the comment's facts.
    """

    key: str
    args: dict[str, Arg] = {}
    parts: tuple[tuple[str, dict[str, Arg]], ...] = ()
    choices: tuple[Choice, ...] = ()
    cards: tuple[ShownProduct, ...] = ()
    image: str | None = None
    language: str = "en"
    to: Literal["chat", "comment-private", "comment-public"] = "chat"
    comment_id: str = ""
    commented_at: datetime | None = None
    live: bool = False
    purpose: str = ""  # why it is sent: greeting, question, summary, receipt, shipping, nudge …
    numbered: bool = True  # may a channel without buttons number the choices
    text: str = ""  # ready words (a person of the shop, a shop's own public reply): key is ignored


class HoldStock(Want, tag="hold", frozen=True):
    """Keep these pieces for this person until then, in place of whatever is kept now."""

    lines: tuple[tuple[str, int], ...]
    until: datetime


class ReleaseHolds(Want, tag="release", frozen=True):
    """Give back whatever is kept for this person."""


class SetTimer(Want, tag="set-timer", frozen=True):
    """Be told `TimerDue(name)` at `due`; replaces an earlier timer of that name."""

    name: str
    due: datetime


class CancelTimer(Want, tag="cancel-timer", frozen=True):
    """Forget the timer of that name."""

    name: str


class OpenPayLink(Want, tag="open-pay-link", frozen=True):
    """A payment link for this version of the cart; older links of this chat become void."""

    cart_version: int
    expires_at: datetime


class OpenAddressForm(Want, tag="open-address-form", frozen=True):
    """A link to the address form, answering back into this chat."""

    expires_at: datetime


class PlaceOrder(Want, tag="place-order", frozen=True):
    """Make the order of this cart version, prices fixed, holds taken or extended until `until`."""

    cart_version: int
    lines: tuple[tuple[str, int], ...]  # (variant id, quantity)
    shipping_id: str | None
    address_id: str | None
    until: datetime
    provider: str


class StartPayment(Want, tag="start-payment", frozen=True):
    """Ask the provider for its page for this order."""

    order_id: str
    provider: str
    expires_at: datetime


class SaveAddress(Want, tag="save-address", frozen=True):
    """Keep this address (and e-mail) for this person."""

    address: Address
    email: str | None = None


class LeaveOrder(Want, tag="leave-order", frozen=True):
    """Give up the unpaid order of this chat: cancel it and close the provider's page."""


class SetLanguage(Want, tag="set-language", frozen=True):
    """Remember the language this person writes."""

    language: str


class SetConsent(Want, tag="set-consent", frozen=True):
    """The person agreed or stopped: `messages` (may we write at all), `membership`, `marketing`."""

    purpose: str
    given: bool


class CallPerson(Want, tag="call-person", frozen=True):
    """Show this chat to the shop's people, with the reason."""

    reason: str


class FinishPerson(Want, tag="finish-person", frozen=True):
    """The shop's people are no longer asked to look at this chat."""


class Answer(Want, tag="answer", frozen=True):
    """The outcome for the page or request that waits for this event."""

    code: str
    args: dict[str, str] = {}


# --- results: fed back to `step` as events ------------------------------------------------------


class Held(Want, tag="held", frozen=True):
    """The pieces are kept until then."""

    until: datetime


class HoldRefused(Want, tag="hold-refused", frozen=True):
    """Nothing was kept; `free` is what is left of each variant that fell short."""

    free: dict[str, int]


class LinkOpened(Want, tag="link-opened", frozen=True):
    """The link (payment page or address form) is `url`."""

    url: str
    expires_at: datetime


class OrderPlaced(Want, tag="order-placed", frozen=True):
    """The order stands, awaiting payment (also when it stood already: a double press)."""

    order_id: str
    number: str
    total: Money
    until: datetime


class OrderRefused(Want, tag="order-refused", frozen=True):
    """No order was made. `why`: sold-out, changed, no-address, no-delivery, not-payable."""

    why: str
    free: dict[str, int] = {}


class AddressSaved(Want, tag="address-saved", frozen=True):
    """The address is kept under this id, shown as `label`."""

    saved_id: str
    label: str
    country: str


Result = Held | HoldRefused | LinkOpened | OrderPlaced | OrderRefused | AddressSaved

AnyWant = (
    Say
    | HoldStock
    | ReleaseHolds
    | SetTimer
    | CancelTimer
    | OpenPayLink
    | OpenAddressForm
    | PlaceOrder
    | StartPayment
    | SaveAddress
    | LeaveOrder
    | SetLanguage
    | SetConsent
    | CallPerson
    | FinishPerson
    | Answer
)
