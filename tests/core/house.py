"""A house in memory: carries out what the dialog wants, so that a conversation can be played."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.core import ordering, pricing
from app.core.dialog.facts import Facts, KnownOrder, Person, SavedAddress
from app.core.dialog.state import State
from app.core.dialog.step import ROUNDS, Step, relevant_products, step
from app.core.dialog.wants import (
    AddressSaved,
    Answer,
    CallPerson,
    CancelTimer,
    Held,
    HoldRefused,
    HoldStock,
    LeaveOrder,
    LinkOpened,
    OpenAddressForm,
    OpenPayLink,
    OrderPlaced,
    OrderRefused,
    PlaceOrder,
    ReleaseHolds,
    SaveAddress,
    Say,
    SetConsent,
    SetLanguage,
    SetTimer,
    Want,
)
from app.core.inbound import TimerDue
from app.core.loyalty import points_earned, standing
from app.core.masking import mask_address
from app.core.news import OrderNews
from app.core.outbound import Limits
from tests.core.hanok import INSTAGRAM, START, STOCK, hanok

OUTCOMES = (HoldStock, OpenPayLink, OpenAddressForm, PlaceOrder, SaveAddress)


class House:
    """One shop, one shopper, everything in memory. `others` is what other shoppers hold."""

    def __init__(
        self,
        shop: Any = None,
        person: Person | None = None,
        limits: Limits = INSTAGRAM,
        stock: dict[str, int] | None = None,
    ) -> None:
        self.shop = shop or hanok()
        self.person = person or Person()
        self.limits = limits
        self.on_hand = dict(STOCK if stock is None else stock)
        self.now: datetime = START
        self.state = State()
        self.held: dict[str, int] = {}
        self.order: dict[str, Any] | None = None
        self.timers: dict[str, datetime] = {}
        self.said: list[Say] = []
        self.wants: list[Want] = []
        self.answers: list[Answer] = []
        self.counter = 0
        self.why = ""
        self.most_rounds = 0

    # --- driving --------------------------------------------------------------------------------

    def facts(self, event: Any = None) -> Facts:
        """What the engine would load."""
        wanted = relevant_products(self.state, event, self.shop)
        stock = {
            variant.id: max(0, self.on_hand.get(variant.id, 0) - self.held.get(variant.id, 0))
            for product in self.shop.products.values()
            if product.id in wanted
            for variant in product.variants
        }
        return Facts(self.now, 1, self.shop, self.person, self.limits, "instagram", "chat", stock)

    def send(self, event: Any) -> list[Say]:
        """One event with all its results; what was said because of it."""
        before = len(self.said)
        todo: Any = event
        facts = self.facts(event)  # read once per event, as the engine does: results find it old
        for number in range(1, ROUNDS + 2):
            assert number <= ROUNDS, f"more than {ROUNDS} rounds for {event}"
            self.most_rounds = max(self.most_rounds, number)
            made = step(self._stored(), todo, facts)
            self.state, self.why = made.state, made.why
            result = self._carry_out(made)
            if result is None:
                break
            todo = result
        return self.said[before:]

    def _stored(self) -> State:
        # The engine writes and reads the state as JSON between events.
        return msgspec.json.decode(msgspec.json.encode(self.state), type=State)

    def _carry_out(self, made: Step) -> Any:
        outcomes = [x for x in made.wants if isinstance(x, OUTCOMES)]
        assert len(outcomes) <= 1, made.wants
        assert not outcomes or made.wants[-1] is outcomes[0], made.wants
        result = None
        for want in made.wants:
            self.wants.append(want)
            result = _DOES[type(want)](self, want) if type(want) in _DOES else None
        return result

    def pass_time(self, delta: timedelta) -> list[Say]:
        """Time passes; timers ring in their order."""
        before = len(self.said)
        end = self.now + delta
        while due := min(
            ((at, name) for name, at in self.timers.items() if at <= end), default=None
        ):
            self.now = max(self.now, due[0])
            del self.timers[due[1]]
            self.send(TimerDue(due[1], 1))
        self.now = end
        return self.said[before:]

    # --- wants ----------------------------------------------------------------------------------

    def _say(self, want: Say) -> None:
        self.said.append(want)

    def _timer(self, want: SetTimer) -> None:
        self.timers[want.name] = want.due

    def _cancel(self, want: CancelTimer) -> None:
        self.timers.pop(want.name, None)

    def _release(self, want: Want) -> None:
        self.held = {}

    def _hold(self, want: HoldStock) -> Held | HoldRefused:
        free = {x: self.on_hand.get(x, 0) for x, n in want.lines if self.on_hand.get(x, 0) < n}
        if free:
            return HoldRefused(free)
        self.held = dict(want.lines)
        return Held(want.until)

    def _pay_link(self, want: OpenPayLink) -> LinkOpened:
        return LinkOpened(f"https://pay.example/{want.cart_version}", want.expires_at)

    def _form(self, want: OpenAddressForm) -> LinkOpened:
        return LinkOpened("https://pay.example/address", want.expires_at)

    def _address(self, want: SaveAddress) -> AddressSaved:
        self.counter += 1
        saved = SavedAddress(f"a-{self.counter}", mask_address(want.address), want.address.country)
        self.person = msgspec.structs.replace(
            self.person, addresses=(saved, *self.person.addresses)
        )
        return AddressSaved(saved.id, saved.label, saved.country)

    def _place(self, want: PlaceOrder) -> OrderPlaced | OrderRefused:
        if self.order is None or self.order["version"] != want.cart_version:
            short = {x: self.on_hand.get(x, 0) for x, n in want.lines if self.on_hand.get(x, 0) < n}
            if short:
                return OrderRefused("sold-out", short)
            self.counter += 1
            rate = next((x for x in self.shop.shipping if x.id == want.shipping_id), None)
            self.order = {
                "id": f"o-{self.counter}",
                "number": ordering.order_number(self.counter),
                "version": want.cart_version,
                "quote": pricing.quote(want.lines, self.shop, rate),
                "lines": want.lines,
            }
        self.held = dict(want.lines)
        order = self.order
        return OrderPlaced(order["id"], order["number"], order["quote"].total, want.until)

    def _leave(self, want: Want) -> None:
        self.order = None
        self.held = {}

    def _answer(self, want: Answer) -> None:
        self.answers.append(want)

    def _language(self, want: SetLanguage) -> None:
        self.person = msgspec.structs.replace(self.person, language=want.language)

    def _consent(self, want: SetConsent) -> None:
        if want.purpose == "messages":
            self.person = msgspec.structs.replace(self.person, opted_out=not want.given)

    # --- news -----------------------------------------------------------------------------------

    def news(self, what: str, **changes: Any) -> OrderNews:
        """The news of the order that stands (or stood)."""
        order = self.order
        assert order is not None
        quote: pricing.Quote = order["quote"]
        points = points_earned(quote.goods.amount, self.shop.membership)
        where = standing(quote.goods.amount, self.shop.membership)
        news = OrderNews(
            what,
            order["id"],
            order["number"],
            quote.total,
            points=points,
            tier=where.tier.name if where.tier else None,
            next_tier=where.next_tier.name if where.next_tier else None,
            to_next_tier=self.shop.money(where.to_next) if where.to_next else None,
        )
        return msgspec.structs.replace(news, **changes)

    def paid(self, what: str = "paid") -> list[Say]:
        """The money came."""
        news = self.news(what)
        for variant, count in (self.order or {})["lines"]:
            self.on_hand[variant] -= count
        self.held = {}
        known = KnownOrder(news.order_id, news.number, "paid", news.total, self.now)
        self.person = msgspec.structs.replace(self.person, orders=(known, *self.person.orders))
        self.order = None
        return self.send(news)

    # --- looking --------------------------------------------------------------------------------

    @property
    def question(self) -> str:
        """The question that stands."""
        return f"{self.state.scene}.{self.state.asked}"

    def called_person(self) -> bool:
        """Was a person of the shop asked to look?"""
        return any(isinstance(x, CallPerson) for x in self.wants)


_DOES: dict[type, Any] = {
    Say: House._say,
    SetTimer: House._timer,
    CancelTimer: House._cancel,
    ReleaseHolds: House._release,
    HoldStock: House._hold,
    OpenPayLink: House._pay_link,
    OpenAddressForm: House._form,
    SaveAddress: House._address,
    PlaceOrder: House._place,
    LeaveOrder: House._leave,
    Answer: House._answer,
    SetLanguage: House._language,
    SetConsent: House._consent,
}


def keys(said: list[Say]) -> list[str]:
    """Every catalogue key of these messages, in order."""
    return [key for say in said for key in (say.key, *(x for x, _ in say.parts)) if key]
