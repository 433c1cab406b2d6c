"""Scene greet: a first word without a purchase, and what this shop has."""

from __future__ import annotations

from app.core.dialog import shelf
from app.core.dialog.scene import PLAN, Question, Take, go
from app.core.dialog.state import Draft
from app.core.dialog.turn import Prompt, Turn
from app.core.dialog.wants import Choice, ShownProduct


def live_products(turn: Turn) -> list[str]:
    """What this shop sells in chat, what can be had first, as many as a chat can show."""
    ids = list(turn.shop.products)
    there = [x for x in ids if shelf.has_stock(turn.facts, turn.shop.products[x])]
    return [*there, *(x for x in ids if x not in there)][: shelf.SHOWN]


def product_choices(turn: Turn, ids: list[str]) -> tuple[Choice, ...]:
    """One choice per product; what is sold out says so."""
    return tuple(
        Choice(
            "product",
            product.id,
            label=turn.words(product.title),
            note="" if shelf.has_stock(turn.facts, product) else "choice.sold-out",
        )
        for product in shelf.sold_products(turn.shop, ids)
    )


def product_cards(turn: Turn, ids: list[str]) -> tuple[ShownProduct, ...]:
    """The same products as cards, for channels that show them."""
    if not turn.facts.limits.cards:
        return ()
    return tuple(
        ShownProduct(turn.words(x.title), turn.words(x.description), x.image)
        for x in shelf.sold_products(turn.shop, ids)
        if x.image
    )


def take_product(turn: Turn, value: str) -> str:
    """A product is chosen; anything half chosen before it is dropped."""
    if value not in turn.shop.products:
        turn.note("cart.gone")
        return PLAN
    turn.set(draft=Draft(product_id=value), browsing=turn.state.browsing and bool(turn.state.cart))
    return PLAN


def _menu(turn: Turn) -> Prompt:
    ids = live_products(turn)
    choices = product_choices(turn, ids)
    if turn.facts.person.orders:
        choices = (*choices, Choice("orders", key="choice.orders"))
    if not ids:
        return Prompt((("greet.nothing", {}),), (*choices, Choice("person", key="choice.person")))
    return Prompt((("greet.menu", {}),), choices, product_cards(turn, ids), purpose="greeting")


MENU = Question(
    "greet.menu",
    ask=_menu,
    takes={
        "product": Take(take_product),
        "orders": go("track.orders"),
        "person": go("help.person"),
    },
    means={"orders": "orders", "person": "person"},
)

QUESTIONS = (MENU,)
