"""Generated from the scenes' tables: every question has an answer for every kind of input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.core.dialog.facts import KnownOrder, Person, SavedAddress, ShippingRate
from app.core.dialog.graph import lint, mermaid
from app.core.dialog.scene import BRIEF, DONE, PLAN, STAY, Question
from app.core.dialog.scenes import QUESTIONS
from app.core.inbound import (
    Commented,
    Edited,
    PayRequested,
    Reacted,
    Said,
    SentMedia,
    Tapped,
    Unsent,
)
from tests.core.hanok import START, hanok
from tests.core.house import House, keys

HOME = SavedAddress("a-home", "김*나, 테헤란로 1**", "KR")
RATES = (
    ShippingRate("r-1", {"ko": "택배", "en": "parcel"}, 3000, None, ("KR",)),
    ShippingRate("r-2", {"ko": "빠른 배송", "en": "fast"}, 6000, None, ("KR",)),
)
ORDER = KnownOrder("o-0", "4K-219", "shipped", hanok().money(18000), START, ("mug",), "CJ", "123")


def _said(*texts: str, **more: Any) -> Callable[..., House]:
    def bring(locale: str = "en") -> House:
        person = more.get("person", Person())
        shop = hanok(locale, **more.get("shop", {}))
        house = House(shop, person, stock=more.get("stock"))
        for number, text in enumerate(texts):
            house.send(Said(text, f"b{number}"))
        return house

    return bring


def _commented(text: str) -> Callable[..., House]:
    def bring(locale: str = "en") -> House:
        house = House(hanok(locale), Person(addresses=(HOME,)))
        house.send(Commented("c1", text, START, author_name="mina"))
        return house

    return bring


def _paying(*after: timedelta) -> Callable[..., House]:
    def bring(locale: str = "en") -> House:
        house = _said("#moonmug black", person=Person(addresses=(HOME,)))(locale)
        house.send(PayRequested("l", house.state.cart_version, "sandbox"))
        for delta in after:
            house.pass_time(delta)
        return house

    return bring


def _short(locale: str = "en") -> House:
    house = _said("#가을드립 dark 10", stock={"v-drip-d10": 1, "v-drip-l10": 5})(locale)
    house.send(Said("2", "b9"))
    return house


KNOWN = Person(addresses=(HOME,))
# How a chat gets to each question. A new question without a recipe fails the first test.
RECIPES: dict[str, Callable[..., House]] = {
    "greet.menu": _said("hi"),
    "browse.product": _said("#한옥"),
    "browse.option": _said("#moonmug"),
    "browse.quantity": _said("#moonmug black"),
    "browse.sold": _said("#moonmug black", stock={"v-mug-w": 3}),
    "cart.more": _said("#moonmug black 1개", "add more"),
    "cart.change": _said("#moonmug black", "change", person=KNOWN),
    "cart.line": _said("#moonmug black", "add more", "candle", "1", "change", "1", person=KNOWN),
    "cart.short": _short,
    "address.where": _said("#moonmug black 1개"),
    "address.rest": _said("#moonmug black 1개", "서울 강남구 테헤란로 152 김미나"),
    "address.delivery": _said("#moonmug black 1개", shop={"shipping": RATES}, person=KNOWN),
    "pay.buy": _commented("#moonmug black"),
    "pay.express": _commented("#fastmug black"),
    "pay.summary": _said("#moonmug black", person=KNOWN),
    "pay.waiting": _paying(),
    "pay.expired": _paying(timedelta(minutes=30)),
    "track.orders": _said("my orders", person=Person(orders=(ORDER,))),
    "help.offer": _said("#moonmug", "xqx", "xqx", "xqx"),
    "help.cancel": _said("#moonmug", "cancel"),
}

SPOKEN = (
    "yes", "no", "back", "change", "cancel", "start over", "help", "talk to a human", "stop",
    "my orders", "2", "qwrtz", "😍", "مرحبا بكم", "x" * 10_000, "\u200b\u200d", "네", "다른 색",
    "추가",
)  # fmt: skip
MEDIA: tuple[Any, ...] = ("image", "sticker", "audio", "video", "story-mention", "like", "file")
SILENT = ("reaction", "unsent", "double tap", "edit of an older message")


def inputs(house: House) -> dict[str, Any]:
    """Every kind of input, with the event that it is here."""
    offered = house.state.offered
    kinds: dict[str, Any] = {f"says {x[:20]!r}": Said(x, "m") for x in SPOKEN}
    kinds |= {f"sends {x}": SentMedia(x, "m") for x in MEDIA}
    kinds |= {f"taps {x.action}": Tapped(x.token) for x in offered}
    kinds |= {
        f"types the number of {x.action}": Said(str(n), "m") for n, x in enumerate(offered, 1)
    }
    kinds |= {f"types {x.label}": Said(x.label, "m") for x in offered if x.label}
    kinds["replies to a story"] = Said("wow", "m", story="s1")
    kinds["stale button"] = Tapped("chat.0.1", "old")
    kinds["foreign button"] = Tapped("GET_STARTED", "Get started")
    kinds["reaction"] = Reacted("x", "❤")
    kinds["unsent"] = Unsent(house.state.heard_id)
    kinds["edit of an older message"] = Edited("long ago", "white")
    kinds["double tap"] = Tapped(house.state.taken or "none.0.0")
    return kinds


def test_every_question_can_be_reached():
    assert set(RECIPES) == set(QUESTIONS)
    for name, bring in RECIPES.items():
        assert bring().question == name


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_input_has_an_answer(name):
    for kind, event in inputs(RECIPES[name]()).items():
        house = RECIPES[name]()
        if kind == "double tap" and not house.state.taken:
            continue
        said = house.send(event)
        assert said or kind in SILENT, f"{name}: silence when somebody {kind}"
        if kind in SILENT:
            assert not said
            assert house.question == name
            assert house.why
        open_flow = house.state.scene != "start" and not house.state.dormant
        assert house.timers or not open_flow, f"{name}: waits for ever after {kind}"


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_tap_a_number_and_a_label_are_the_same_answer(name):
    question = QUESTIONS[name]
    for number, offered in enumerate(RECIPES[name]().state.offered, 1):
        by_tap = RECIPES[name]()
        by_tap.send(Tapped(offered.token))
        if question.bare == "choice":
            typed = RECIPES[name]()
            typed.send(Said(str(number), "m"))
            assert typed.question == by_tap.question
            assert typed.state.cart == by_tap.state.cart
        if offered.label:
            labelled = RECIPES[name]()
            labelled.send(Said(offered.label.upper() + "!", "m"))
            assert labelled.question == by_tap.question
            assert labelled.state.draft == by_tap.state.draft


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_what_is_offered_is_taken_and_leads_where_the_table_says(name, monkeypatch):
    seen: list[tuple[Question, str, str]] = []
    _watch(monkeypatch, seen)
    house = RECIPES[name]()
    for offered in house.state.offered:
        assert offered.action in QUESTIONS[name].takes, f"{name} offers {offered.action}"
        RECIPES[name]().send(Tapped(offered.token))
    wrong = [(x.name, action, way) for x, action, way in seen if way not in x.takes[action].goes]
    assert not wrong


def _watch(monkeypatch: Any, seen: list[tuple[Question, str, str]]) -> None:
    """Notes where every taken answer leads."""
    for name, question in list(QUESTIONS.items()):
        takes = {
            action: watched(take, question, action, seen) for action, take in question.takes.items()
        }
        monkeypatch.setitem(QUESTIONS, name, _with(question, takes=takes))


def watched(take: Any, question: Question, action: str, seen: list[Any]) -> Any:
    """The same answer, watched."""

    def does(turn: Any, value: str) -> str:
        way = take.does(turn, value)
        seen.append((question, action, way))
        return str(way)

    return _with(take, does=does)


def _with(thing: Any, **changes: Any) -> Any:
    return replace(thing, **changes)


def test_every_scene_has_an_exit():
    """From every question there is a way to the payment and a way out."""
    edges = {x.name: {y for y in x.goes if y not in {STAY, BRIEF}} for x in QUESTIONS.values()}
    for name in edges:
        reached, todo = set(), [name]
        while todo:
            at = todo.pop()
            if at not in reached:
                reached.add(at)
                todo += sorted(edges.get(at, ()))
        assert reached & {PLAN, DONE}, name


def test_the_machine_has_no_loose_ends():
    assert lint() == []
    assert lint(hanok()) == []


def test_a_loose_end_is_seen(monkeypatch):
    question = QUESTIONS["browse.product"]
    broken = _with(question, takes={}, means={"yes": "buy"}, bare="buy")
    monkeypatch.setitem(QUESTIONS, "browse.product", broken)
    assert {
        "browse.product takes 'yes' for the action 'buy', which it does not have",
        "browse.product has no exit",
        "browse.product takes a number for 'buy', which it does not have",
    } <= set(lint())


def test_a_campaign_without_products_is_seen():
    shop = hanok()
    empty = msgspec.structs.replace(shop.campaigns[0], product_ids=("gone",))
    wrong = lint(msgspec.structs.replace(shop, campaigns=(empty,), payments=()))
    assert wrong == ["campaign moonmug sells nothing", "the shop takes no payments"]


def test_the_picture_names_every_question():
    picture = mermaid()
    assert picture.startswith("flowchart TD")
    for name in QUESTIONS:
        assert f'["{name}"]' in picture


def test_catalogue_keys_are_said():
    assert keys(RECIPES["browse.option"]().said)[-1] == "browse.option"
