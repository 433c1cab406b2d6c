"""Scene browse: which product, which of its options, how many."""

from __future__ import annotations

from app.core.dialog import shelf
from app.core.dialog.facts import Product, Variant
from app.core.dialog.greet import product_cards, product_choices, take_product
from app.core.dialog.scene import DONE, PLAN, STAY, Question, Take
from app.core.dialog.state import Draft
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.wants import CallPerson, Choice
from app.core.pricing import find_variant

NEAREST = 2  # alternatives offered for what is sold out; more would bury them


def _product(turn: Turn) -> Prompt:
    ids = list(turn.state.product_ids)[: shelf.SHOWN]
    return Prompt((("browse.product", {}),), product_choices(turn, ids), product_cards(turn, ids))


# --- options ------------------------------------------------------------------------------------


def _option(turn: Turn) -> Prompt:
    product = turn.product
    at = shelf.open_option(product, turn.state.draft.values) if product else None
    if product is None or at is None:
        return _product(turn)
    option = product.options[at]
    values = turn.state.draft.values
    choices = tuple(
        Choice(
            "value",
            f"{at}:{value}",
            label=shelf.value_label(option, value, turn.language, turn.shop.locale),
            note=_remark(shelf.value_free(turn.facts, product, values, at, value)),
        )
        for value in shelf.possible(product, values, at, option)
    )
    words: Paragraph = (
        "browse.option",
        {"item": turn.words(product.title), "option": turn.words(option.name)},
    )
    return Prompt((words,), choices, image=product.image)


def _remark(left: int | None) -> str:
    if left is None or left > 1:
        return ""
    return "choice.last" if left == 1 else "choice.sold-out"


def _take_value(turn: Turn, value: str) -> str:
    at, _, chosen = value.partition(":")
    product = turn.product
    if product is None:
        return PLAN
    if shelf.value_free(turn.facts, product, turn.state.draft.values, int(at), chosen) == 0:
        shown = shelf.value_label(product.options[int(at)], chosen, turn.language, turn.shop.locale)
        if shelf.has_stock(turn.facts, product):
            turn.note("browse.value-gone", value=shown)
            return STAY
    turn.set_draft(values={**turn.state.draft.values, at: chosen})
    return PLAN


# --- quantity -----------------------------------------------------------------------------------


def current(turn: Turn) -> tuple[Product, Variant] | None:
    """The variant being chosen, when it is decided."""
    product = turn.product
    variant = shelf.chosen(product, turn.state.draft.values) if product else None
    return (product, variant) if product and variant else None


def _quantity(turn: Turn) -> Prompt:
    found = current(turn)
    if found is None:
        return _product(turn)
    product, variant = found
    count = turn.state.draft.quantity or 1
    choices = [Choice("buy", str(count), key="choice.buy", args={"count": count})]
    if turn.state.answered and len(turn.state.product_ids) > 1 and not turn.state.before:
        choices.append(Choice("keep", str(count), key="choice.keep"))
    if len(product.variants) > 1:
        option = turn.words(product.options[0].name) if product.options else ""
        choices.append(Choice("other", key="choice.other", args={"option": option}))
    if product.image:
        choices.append(Choice("photos", key="choice.photos"))
    return Prompt(
        tuple(_offer(turn, product, variant)), tuple(choices), purpose="offer", numbered=False
    )


def _offer(turn: Turn, product: Product, variant: Variant) -> list[Paragraph]:
    item = shelf.variant_title(product, variant, turn.language, turn.shop.locale)
    price = turn.shop.money(variant.price)
    left = shelf.free(turn.facts, variant)
    if left is None:
        offer: Paragraph = ("offer.item", {"item": item, "price": price})
    elif left == 1:
        offer = ("offer.last", {"item": item, "price": price})
    else:
        offer = ("offer.left", {"item": item, "price": price, "count": left})
    return [offer, ("browse.quantity", {})] if turn.state.answered else [offer]


def set_quantity(turn: Turn, count: int) -> str:
    """So many of what is being chosen."""
    most = turn.shop.max_quantity
    if not 1 <= count <= most:
        turn.note("quantity.bounds", most=most)
        return STAY
    turn.set_draft(quantity=count)
    return PLAN


def _buy(turn: Turn, value: str) -> str:
    turn.set(browsing=False)
    return set_quantity(turn, int(value) if value.isdigit() else turn.state.draft.quantity or 1)


def _keep(turn: Turn, value: str) -> str:
    turn.set(browsing=True)
    return set_quantity(turn, int(value) if value.isdigit() else turn.state.draft.quantity or 1)


def _other(turn: Turn, _value: str) -> str:
    product = turn.product
    if product is None:
        return PLAN
    if shelf.open_option(product, {}) is None:
        turn.note("browse.only-one")
        return STAY
    turn.set_draft(values={})
    return PLAN


def photos(turn: Turn, _value: str = "") -> str:
    """The picture and the words of what is being looked at, then the question again."""
    product = turn.product or _of_cart(turn)
    if product is None:
        return PLAN
    if not product.image:
        turn.note("photos.none")
        return STAY
    title, description = turn.words(product.title), turn.words(product.description)
    words: Paragraph = ("photos.shown", {"item": title, "description": description})
    turn.say("", Prompt((words,), image=product.image, purpose="photo"))
    return STAY


def _of_cart(turn: Turn) -> Product | None:
    found = find_variant(turn.shop, turn.state.cart[-1].variant_id) if turn.state.cart else None
    return found[0] if found else None


# --- sold out -----------------------------------------------------------------------------------


def _sold(turn: Turn) -> Prompt:
    product = turn.product
    if product is None:
        return _product(turn)
    variant = shelf.chosen(product, turn.state.draft.values)
    item = turn.words(product.title)
    near: list[Variant] = []
    if variant is not None:
        item = shelf.variant_title(product, variant, turn.language, turn.shop.locale)
        near = shelf.nearest(turn.facts, product, variant)[:NEAREST]
    choices = [variant_choice(turn, product, x) for x in near]
    choices.append(Choice("waitlist", key="choice.waitlist"))
    others = [x for x in turn.shop.products.values() if x.id != product.id]
    if any(shelf.has_stock(turn.facts, x) for x in others):
        choices.append(Choice("shop", key="choice.shop"))
    key = "browse.sold-near" if near else "browse.sold"
    return Prompt(((key, {"item": item}),), tuple(choices), purpose="sold-out")


def variant_choice(turn: Turn, product: Product, variant: Variant) -> Choice:
    """Another variant, offered by its values."""
    labels = [
        shelf.value_label(option, value, turn.language, turn.shop.locale)
        for option, value in zip(product.options, variant.values, strict=False)
    ]
    return Choice("variant", variant.id, label=", ".join(labels) or turn.words(product.title))


def take_variant(turn: Turn, value: str) -> str:
    """Another variant in place of the one that is gone."""
    found = find_variant(turn.shop, value)
    if found is None:
        return PLAN
    product, variant = found
    values = {str(at): x for at, x in enumerate(variant.values)}
    turn.set(draft=Draft(product.id, values, turn.state.draft.quantity))
    return PLAN


def waitlist(turn: Turn, _value: str) -> str:
    """The shop is told who waits for what; nothing is promised that a platform may forbid."""
    product = turn.product
    if product is not None:
        found = current(turn)
        item = (
            shelf.variant_title(*found, turn.shop.locale, turn.shop.locale)
            if found
            else shelf.in_language(product.title, turn.shop.locale, turn.shop.locale)
        )
        turn.want(CallPerson(f"wait-list: {item}"))
    turn.set(draft=Draft())
    if turn.state.cart:
        turn.note("waitlist.noted")
        return PLAN
    turn.clear()
    turn.tell("waitlist.noted", "note")
    return DONE


def _shop(turn: Turn, _value: str) -> str:
    turn.set(draft=Draft(), product_ids=())
    return "cart.more" if turn.state.cart else "greet.menu"


_SOLD = {
    "variant": Take(take_variant),
    "waitlist": Take(waitlist, (PLAN, DONE)),
    "shop": Take(_shop, ("greet.menu", "cart.more")),
}

QUESTIONS = (
    Question("browse.product", ask=_product, takes={"product": Take(take_product)}),
    Question(
        "browse.option",
        ask=_option,
        takes={"value": Take(_take_value, (PLAN, STAY)), "product": Take(take_product)},
    ),
    Question(
        "browse.quantity",
        ask=_quantity,
        takes={
            "buy": Take(_buy, (PLAN, STAY)),
            "keep": Take(_keep, (PLAN, STAY)),
            "other": Take(_other, (PLAN, STAY)),
            "photos": Take(photos, (STAY, PLAN)),
            "product": Take(take_product),
        },
        means={
            "yes": "buy",
            "checkout": "buy",
            "pay": "buy",
            "other": "other",
            "change": "other",
            "more": "keep",
            "photos": "photos",
        },
        bare="buy",
        again="miss.quantity",
    ),
    Question(
        "browse.sold",
        ask=_sold,
        takes=_SOLD,
        means={"menu": "shop", "other": "shop", "yes": "variant", "waitlist": "waitlist"},
    ),
)
