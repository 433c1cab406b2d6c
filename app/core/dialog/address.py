"""Scene address: where it goes, whom the carrier calls, and which way."""

from __future__ import annotations

from datetime import timedelta

from app.core import postal
from app.core.addresses import Address
from app.core.dialog.facts import SavedAddress, ShippingRate
from app.core.dialog.plain import compact
from app.core.dialog.scene import DONE, PLAN, STAY, Question, Take, go
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.understand import Heard
from app.core.dialog.wants import Arg, Choice, OpenAddressForm, SaveAddress, Want
from app.core.pricing import quote, rates_for, shipping_price

FORM_TIME = timedelta(hours=2)
SHOWN = 3  # saved addresses offered


def deliverable(turn: Turn, country: str) -> bool:
    """Does any way of delivery reach this country? A shop without delivery reaches everyone."""
    return not turn.shop.shipping or bool(rates_for(turn.shop, country))


def usable(turn: Turn) -> list[SavedAddress]:
    """The saved addresses that the shop delivers to, the one used last first."""
    return [x for x in turn.facts.person.addresses if deliverable(turn, x.country)]


def use_address(turn: Turn, saved: SavedAddress) -> None:
    """It goes there."""
    if saved.id == turn.state.address_id:
        turn.set(address_parsed=None)
        return
    moved = turn.state.address_id != ""
    turn.set(
        address_id=saved.id,
        address_label=saved.label,
        address_country=saved.country,
        address_parsed=None,
        shipping_id="",
    )
    if moved or turn.state.pay_url or turn.state.order_id:
        turn.changed()


def where_open(turn: Turn) -> bool:
    """Is it unknown where it goes? Who is known gets the address used last: it is shown back."""
    if turn.state.address_id:
        return False
    saved = usable(turn)
    if not saved:
        return True
    use_address(turn, saved[0])
    return False


def _form_needed(turn: Turn) -> Want | None:
    until = turn.state.form_until
    if turn.state.form_url and until is not None and until > turn.now + timedelta(minutes=5):
        return None
    return OpenAddressForm(turn.now + FORM_TIME)


def _form_choice(turn: Turn) -> tuple[Choice, ...]:
    if not turn.state.form_url:
        return ()
    return (Choice("form", key="choice.form", url=turn.state.form_url),)


def _where(turn: Turn) -> Prompt:
    saved = tuple(
        Choice("saved", x.id, label=x.label)
        for x in usable(turn)[:SHOWN]
        if x.id != turn.state.address_id
    )
    words: list[Paragraph] = [("address.where", {})]
    until = turn.state.held_until
    if turn.hold_live and until is not None:
        words.append(("hold.until", {"until": until}))
    choices = (*_form_choice(turn), *saved)
    if turn.state.address_id:
        choices = (*choices, Choice("done", key="choice.done"))
    return Prompt(tuple(words), choices)


def _saved(turn: Turn, value: str) -> str:
    found = next((x for x in turn.facts.person.addresses if x.id == value), None)
    found = found or next(iter(usable(turn)), None)
    if found is None:
        return STAY
    use_address(turn, found)
    return PLAN


def hear_address(turn: Turn, heard: Heard) -> str | None:
    """A message that holds a street is an address, whatever else stands in it."""
    parsed = postal.parse(heard.text, turn.shop.country)
    if not parsed.street:
        return None
    return take_address(turn, parsed.address, parsed.email)


def hear_whole_address(turn: Turn, heard: Heard) -> str | None:
    """Outside this scene only a whole address counts, so that `드립백 2길 3` stays a word."""
    parsed = postal.parse(heard.text, turn.shop.country)
    if not parsed.street or len(parsed.missing) > 1:
        return None
    return take_address(turn, parsed.address, parsed.email)


def take_address(turn: Turn, address: Address, email: str | None) -> str:
    """An address as typed: asked on for what is missing, then kept and shown back masked."""
    if not deliverable(turn, address.country):
        turn.note("address.no-delivery", country=address.country)
        turn.set(address_parsed=None)
        return "address.where"
    if postal.check(address):
        turn.set(address_parsed=address)
        return "address.rest"
    turn.set(address_parsed=None)
    turn.fetch(SaveAddress(address, email), "saved")
    return DONE


# --- what is missing ----------------------------------------------------------------------------


def missing(turn: Turn) -> str:
    """The code of the piece to ask for."""
    address = turn.state.address_parsed
    codes = postal.check(address) if address is not None else ()
    return codes[0] if codes else ""


def _rest(turn: Turn) -> Prompt:
    code = missing(turn) or "line1"
    return Prompt(((f"address.ask-{code}", {}),), _form_choice(turn))


def _hear_rest(turn: Turn, heard: Heard) -> str | None:
    address = turn.state.address_parsed
    code = missing(turn)
    if address is None:
        return hear_address(turn, heard)
    if heard.intents and code == "name":
        return None
    filled = postal.fill(address, code, heard.text)
    if filled == address:
        return None
    if code in postal.check(filled):
        turn.set(address_parsed=filled)
        return None
    return take_address(turn, filled, None)


# --- delivery -----------------------------------------------------------------------------------


def rates(turn: Turn) -> tuple[ShippingRate, ...]:
    """The ways of delivery that reach this address."""
    return rates_for(turn.shop, turn.state.address_country or turn.shop.country)


def rate(turn: Turn) -> ShippingRate | None:
    """The way of delivery that is chosen, or the only one."""
    ways = rates(turn)
    chosen = next((x for x in ways if x.id == turn.state.shipping_id), None)
    return chosen or (ways[0] if len(ways) == 1 else None)


def delivery_open(turn: Turn) -> bool:
    """Is there more than one way, and none chosen? Known people get the first: it is shown back."""
    only = rate(turn)
    if only is not None:
        turn.set(shipping_id=only.id)
    if only is not None or not rates(turn):
        return False
    if turn.known and not turn.state.answered:
        turn.set(shipping_id=rates(turn)[0].id)
        return False
    return True


def _delivery(turn: Turn) -> Prompt:
    lines = [(x.variant_id, x.quantity) for x in turn.state.cart]
    goods = quote(lines, turn.shop).goods.amount if lines else 0
    choices = []
    for way in rates(turn):
        price = shipping_price(way, goods)
        key = "choice.rate" if price else "choice.rate-free"
        args: dict[str, Arg] = {"name": turn.words(way.name), "price": turn.shop.money(price)}
        choices.append(Choice("rate", way.id, key=key, args=args))
    return Prompt((("address.delivery", {}),), tuple(choices))


def _take_rate(turn: Turn, value: str) -> str:
    if all(x.id != value for x in rates(turn)):
        return STAY
    if value != turn.state.shipping_id:
        changed = turn.state.shipping_id != "" or turn.state.pay_url != ""
        turn.set(shipping_id=value)
        if changed:
            turn.changed()
    return PLAN


def _hear_rate(turn: Turn, heard: Heard) -> str | None:
    """A way of delivery by its name."""
    said = compact(heard.text)
    named = [
        x for x in rates(turn) if any(compact(y) and compact(y) in said for y in x.name.values())
    ]
    if len(named) == 1:
        return _take_rate(turn, named[0].id)
    return hear_whole_address(turn, heard)


QUESTIONS = (
    Question(
        "address.where",
        ask=_where,
        takes={"saved": Take(_saved, (PLAN, STAY)), "done": go(PLAN)},
        means={"yes": "saved"},
        again="miss.address",
        hears=hear_address,
        hears_goes=("address.rest", "address.where", PLAN),
        needs=_form_needed,
    ),
    Question(
        "address.rest",
        ask=_rest,
        takes={},
        again="miss.rest",
        hears=_hear_rest,
        hears_goes=("address.rest", "address.where", PLAN),
        needs=_form_needed,
    ),
    Question(
        "address.delivery",
        ask=_delivery,
        takes={"rate": Take(_take_rate, (PLAN, STAY))},
        hears=_hear_rate,
        hears_goes=("address.rest", "address.where", PLAN),
    ),
)
