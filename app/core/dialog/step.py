"""The conversation as one pure function: the same inputs always give the same step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec

from app.core.clock import EPOCH
from app.core.dialog import chat, comments, people, results, timers
from app.core.dialog.facts import Facts, Shop
from app.core.dialog.shelf import SHOWN
from app.core.dialog.state import State
from app.core.dialog.turn import Turn
from app.core.dialog.understand import read
from app.core.dialog.wants import (
    AddressSaved,
    AnyWant,
    Held,
    HoldRefused,
    LinkOpened,
    OrderPlaced,
    OrderRefused,
    Result,
)
from app.core.inbound import (
    AddressFilled,
    AnyEvent,
    Arrived,
    Commented,
    Echoed,
    Edited,
    HandedBack,
    MerchantSaid,
    NotOurs,
    PayRequested,
    Reacted,
    Read,
    Said,
    SendReported,
    SentMedia,
    TakenOver,
    Tapped,
    TimerDue,
    Unknown,
    Unparsed,
    Unsent,
)
from app.core.news import OrderNews
from app.core.pricing import find_variant

_SHOWS_NOTHING = (
    Read, Echoed, Unknown, Unparsed, NotOurs, Unsent, Reacted, SendReported, MerchantSaid,
)  # fmt: skip

ROUNDS = 8  # results that one event may bring back


class Step(msgspec.Struct, frozen=True):
    """Where the conversation stands now and what it wants done, in order.

    At most one want has an outcome, and it stands last: carry out all, then give its result back.
    `why` says, for the journal, why nothing or nothing else was said.
    """

    state: State
    wants: tuple[AnyWant, ...]
    why: str = ""


_DOES: dict[type, Callable[[Turn, Any], None]] = {
    Commented: comments.commented,
    Said: chat.texted,
    Tapped: chat.pressed,
    SentMedia: chat.showed,
    Arrived: chat.arrived,
    Reacted: chat.reacted,
    Edited: chat.edited,
    Unsent: chat.unsent,
    TimerDue: timers.timer_due,
    PayRequested: results.pay_asked,
    AddressFilled: results.address_filled,
    SendReported: people.send_reported,
    TakenOver: people.taken_over,
    HandedBack: people.handed_back,
    MerchantSaid: people.merchant_said,
    OrderNews: people.order_news,
    Held: results.held,
    HoldRefused: results.hold_refused,
    LinkOpened: results.link_opened,
    OrderPlaced: results.order_placed,
    OrderRefused: results.order_refused,
    AddressSaved: results.address_saved,
}


def step(state: State, event: AnyEvent | Result, facts: Facts) -> Step:
    """One step. Never raises, whatever the event: what moves nothing says why."""
    turn = Turn(state, facts)
    _DOES.get(type(event), people.nothing)(turn, event)
    turn.flush()
    return Step(turn.state, tuple(turn.wants), turn.why)  # type: ignore[arg-type]


def relevant_products(state: State, event: AnyEvent | Result, shop: Shop) -> frozenset[str]:
    """The products whose stock this step may speak of; none for events that show no goods."""
    if isinstance(event, _SHOWS_NOTHING):
        return frozenset()
    wanted = {state.draft.product_id, *state.product_ids}
    for line in (*state.cart, *state.before):
        found = find_variant(shop, line.variant_id)
        wanted.add(found[0].id if found else "")
    if isinstance(event, Commented | Said | Edited | SentMedia):
        heard = read(event.text, shop, EPOCH, [])
        wanted.add(heard.product_id)
        wanted.update(y for x in heard.matches for y in x.campaign.product_ids)
    # The menu lists the shop's first goods, and a word may lead there from anywhere.
    wanted.update(islice(shop.products, SHOWN))
    return frozenset(wanted & shop.products.keys())
