"""What came of a want, and what our pages ask: each goes on where the conversation waited."""

from __future__ import annotations

from app.core.dialog import pay
from app.core.dialog.address import use_address
from app.core.dialog.facts import SavedAddress
from app.core.dialog.plan import ask, plan, resume
from app.core.dialog.short import short
from app.core.dialog.turn import Turn
from app.core.dialog.wants import (
    AddressSaved,
    Answer,
    Held,
    HoldRefused,
    LinkOpened,
    OrderPlaced,
    OrderRefused,
    SaveAddress,
)
from app.core.inbound import AddressFilled, PayRequested

LEADS = {"the hold was refused": "cart.short", "the order is placed": "pay.waiting"}


def pay_asked(turn: Turn, event: PayRequested) -> None:
    """The payment page was posted."""
    pay.pay_requested(turn, event)


def address_filled(turn: Turn, event: AddressFilled) -> None:
    """The address form was posted: kept, and the purchase goes on."""
    turn.set(address_parsed=None)
    turn.fetch(SaveAddress(event.address, event.email), "form")


# --- results ------------------------------------------------------------------------------------


def held(turn: Turn, result: Held) -> None:
    """The pieces are kept."""
    turn.set(held=turn.state.cart, held_until=result.until)
    turn.timer("hold", result.until)
    resume(turn)


def hold_refused(turn: Turn, result: HoldRefused) -> None:
    """They are not: says so at once, with the nearest. What was kept before is kept still."""
    turn.set(pending="")
    where = short(turn, result.free)
    ask(turn, where)


def link_opened(turn: Turn, result: LinkOpened) -> None:
    """The page's link is there."""
    if turn.state.pending.startswith("address."):
        turn.set(form_url=result.url, form_until=result.expires_at)
    else:
        turn.set(
            pay_url=result.url, pay_until=result.expires_at, pay_version=turn.state.cart_version
        )
    resume(turn)


def address_saved(turn: Turn, result: AddressSaved) -> None:
    """The address is kept: it is this purchase's address."""
    form = turn.state.pending == "form"
    turn.set(pending="")
    use_address(turn, SavedAddress(result.saved_id, result.label, result.country))
    if form:
        turn.want(Answer("saved"))
    if turn.state.person or turn.stopped:
        return
    if turn.state.cart or turn.product is not None:
        plan(turn)
    elif form:
        turn.tell("address.saved", "note")


def order_placed(turn: Turn, result: OrderPlaced) -> None:
    """The order stands."""
    provider = turn.state.pending.partition(":")[2] or next(iter(turn.shop.payments), "")
    pay.order_placed(turn, result.order_id, result.number, result.until, provider)


def order_refused(turn: Turn, result: OrderRefused) -> None:
    """No order was made: the page hears why, and so does the chat when stock was the reason."""
    turn.set(pending="")
    turn.why = f"no order: {result.why}"
    turn.want(Answer(result.why))
    if result.why != "sold-out" or turn.state.person or turn.stopped:
        return
    if turn.state.order_id:
        # It stood, its time ran out and its pieces went: that version cannot be ordered again.
        turn.set(left_order=turn.state.order_id, order_id="", order_number="")
    turn.set(held=(), held_until=None, cart_version=turn.state.cart_version + 1, pay_url="")
    where = short(turn, result.free)
    ask(turn, where)
