"""Scene pay: the summary, the payment link, the order that waits for its money."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.dialog.address import hear_whole_address, rate, rates
from app.core.dialog.cart import line_title
from app.core.dialog.scene import BRIEF, PLAN, Question, Take, go
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.wants import Answer, Choice, OpenPayLink, PlaceOrder, StartPayment, Want
from app.core.inbound import PayRequested
from app.core.money import Money
from app.core.pricing import Quote, quote

EXPRESS_TIME = timedelta(hours=24)  # nothing is kept for it, so it may be long
GRACE = timedelta(minutes=2)  # the hold outlasts the provider's page by this


def current_quote(turn: Turn) -> Quote:
    """What the cart costs, delivered."""
    lines = [(x.variant_id, x.quantity) for x in turn.state.cart]
    return quote(lines, turn.shop, rate(turn))


def summary(turn: Turn) -> list[Paragraph]:
    """The total first, then every line that makes it, then where it goes."""
    price = current_quote(turn)
    words: list[Paragraph] = [("summary.total", {"total": price.total})]
    for line in price.lines:
        amount = Money(line.amount, price.currency)
        if line.kind == "item":
            cart_line = next(x for x in turn.state.cart if x.variant_id == line.variant_id)
            item = line_title(turn, cart_line)
            words.append(("line.item", {"item": item, "count": line.quantity, "amount": amount}))
        else:
            way = rate(turn)
            name = turn.words(way.name) if way is not None else ""
            key = "line.shipping" if line.amount else "line.shipping-free"
            words.append((key, {"name": name, "amount": amount}))
    words.append(("summary.to", {"address": turn.state.address_label}))
    return words


def _total(turn: Turn) -> Money:
    return current_quote(turn).total


def _pay_choice(turn: Turn) -> Choice:
    return Choice("pay", key="choice.pay", args={"total": _total(turn)}, url=turn.state.pay_url)


def _change_choice() -> Choice:
    return Choice("change", key="choice.change")


# --- before the first answer in the chat --------------------------------------------------------


def _buy(turn: Turn) -> Prompt:
    turn.set(note=f"shown:{turn.state.cart_version}")
    name = turn.facts.person.name
    hello: list[Paragraph] = [("greet.back", {"name": name})] if name else []
    choices = (Choice("buy", key="choice.buy-now"), _change_choice())
    return Prompt((*hello, *summary(turn)), choices, purpose="summary")


def _express(turn: Turn) -> Prompt:
    words = (*summary(turn), ("summary.express", {}))
    return Prompt(words, (_pay_choice(turn), _change_choice()), purpose="summary")


# --- the payment link ---------------------------------------------------------------------------


def _link_needed(turn: Turn) -> Want | None:
    state = turn.state
    fresh = state.pay_until is not None and state.pay_until > turn.now
    if state.pay_url and state.pay_version == state.cart_version and fresh:
        return None
    return OpenPayLink(state.cart_version, _link_until(turn))


def _link_until(turn: Turn) -> datetime:
    held = turn.state.held_until
    if turn.state.answered and held is not None and held > turn.now:
        return held
    return turn.now + EXPRESS_TIME


def _summary(turn: Turn) -> Prompt:
    until = turn.state.held_until
    kept: list[Paragraph] = [("hold.until", {"until": until})] if until is not None else []
    shown = turn.state.note == f"shown:{turn.state.cart_version}"
    words = kept if shown and kept else [*summary(turn), *kept]
    turn.set(note="")
    return Prompt(tuple(words), (_pay_choice(turn), _change_choice()), purpose="summary")


def _waiting(turn: Turn) -> Prompt:
    waiting: Paragraph = (
        "pay.waiting",
        {"number": turn.state.order_number, "total": _total(turn)},
    )
    until = turn.state.held_until
    kept: list[Paragraph] = [("hold.until", {"until": until})] if until is not None else []
    choices = (_pay_choice(turn), _change_choice(), Choice("cancel", key="choice.cancel"))
    return Prompt((waiting, *kept), choices, purpose="summary")


def _expired(_turn: Turn) -> Prompt:
    choices = (Choice("retry", key="choice.retry"), Choice("leave", key="choice.leave"))
    return Prompt((("pay.expired", {}),), choices, purpose="hold-expired")


def _show(turn: Turn, _value: str) -> str:
    turn.note("pay.tap")
    return BRIEF


# --- the payment page asks ----------------------------------------------------------------------


def payable(turn: Turn, cart_version: int) -> str:
    """Why this version cannot be paid now: a code for the page, or nothing when it can."""
    state = turn.state
    if cart_version == state.paid_version and cart_version:
        return "paid"
    if cart_version != state.cart_version or not state.cart:
        return "changed"
    if not state.address_id:
        return "no-address"
    if turn.shop.shipping and not rates(turn):
        return "no-delivery"
    if turn.shop.shipping and rate(turn) is None:
        return "changed"
    if not turn.shop.payments:
        return "not-payable"
    return ""


def pay_requested(turn: Turn, event: PayRequested) -> None:
    """A payment method was pressed: the order is placed (again: a double press is harmless)."""
    turn.restore()  # a change begun and not finished: what is paid is what the page shows
    code = payable(turn, event.cart_version)
    if code:
        turn.why = f"not payable: {code}"
        turn.want(Answer(code))
        return
    provider = event.provider if event.provider in turn.shop.payments else turn.shop.payments[0]
    way = rate(turn)
    turn.fetch(
        PlaceOrder(
            cart_version=turn.state.cart_version,
            lines=tuple((x.variant_id, x.quantity) for x in turn.state.cart),
            shipping_id=way.id if way is not None else None,
            address_id=turn.state.address_id,
            until=turn.now + turn.hold_time + GRACE,
            provider=provider,
        ),
        f"order:{provider}",
    )


def order_placed(turn: Turn, order_id: str, number: str, until: datetime, provider: str) -> None:
    """The order stands: the provider is asked for its page, and the pieces are the order's now."""
    turn.want(StartPayment(order_id, provider, until - GRACE))
    turn.want(Answer("placed", {"order_id": order_id}))
    turn.set(
        order_id=order_id,
        order_number=number,
        held=turn.state.cart,
        held_until=until,
        scene="pay",
        asked="waiting",
        browsing=False,
        dormant=False,
        pending="",
    )
    turn.timer("hold", until)
    turn.wait()


QUESTIONS = (
    Question(
        "pay.buy",
        ask=_buy,
        takes={
            "buy": go(PLAN),
            "change": go("cart.change"),
        },
        means={"yes": "buy", "checkout": "buy", "pay": "buy", "change": "change"},
        again="miss.pay",
        hears=hear_whole_address,
        hears_goes=("address.rest", "address.where", PLAN),
    ),
    Question(
        "pay.express",
        ask=_express,
        takes={
            "change": go("cart.change"),
            "show": go(PLAN),
        },
        means={"yes": "show", "checkout": "show", "pay": "show", "change": "change"},
        again="miss.pay",
        hears=hear_whole_address,
        hears_goes=("address.rest", "address.where", PLAN),
        needs=_link_needed,
    ),
    Question(
        "pay.summary",
        ask=_summary,
        takes={
            "change": go("cart.change"),
            "show": Take(_show, (BRIEF,)),
        },
        means={"yes": "show", "checkout": "show", "pay": "show", "change": "change"},
        again="miss.pay",
        hears=hear_whole_address,
        hears_goes=("address.rest", "address.where", PLAN),
        needs=_link_needed,
    ),
    Question(
        "pay.waiting",
        ask=_waiting,
        takes={
            "change": go("cart.change"),
            "cancel": go("help.cancel"),
            "show": Take(_show, (BRIEF,)),
        },
        means={"yes": "show", "checkout": "show", "pay": "show", "change": "change"},
        again="miss.pay",
        hears=hear_whole_address,
        hears_goes=("address.rest", "address.where", PLAN),
        needs=_link_needed,
    ),
    Question(
        "pay.expired",
        ask=_expired,
        takes={
            "retry": go(PLAN),
            "leave": go("help.leave"),
            "change": go("cart.change"),
        },
        means={
            "again": "retry",
            "cancel": "leave",
            "keep": "retry",
            "yes": "retry",
            "checkout": "retry",
            "pay": "retry",
            "no": "leave",
            "change": "change",
            "back": "retry",
        },
    ),
)
