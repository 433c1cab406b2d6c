"""What a button says may be typed: its words mean what the tap means, in every language."""

from __future__ import annotations

import pytest

from app.conversations.render import Renderer
from app.core.dialog.offers import labelled
from app.core.dialog.scenes import QUESTIONS
from app.core.inbound import Said, Tapped
from tests.core.test_every_scene import RECIPES

RENDERER = Renderer.load()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_typed_label_is_a_tap(name, language):
    last = next(x for x in reversed(RECIPES[name](language).said) if x.to != "comment-public")
    for choice in (x for x in last.choices if x.url is None):
        tapped, typed = RECIPES[name](language), RECIPES[name](language)
        label = choice.label or RENDERER.words(choice.key, choice.args, last.language, typed.shop)
        tapped.send(Tapped(choice.token))
        typed.send(Said(label, "m"))
        assert typed.question == tapped.question, label
        assert typed.state.draft == tapped.state.draft, label
        assert typed.state.cart == tapped.state.cart, label
        assert typed.state.person == tapped.state.person, label


def test_a_shops_own_wording_counts_once_it_was_shown():
    house = RECIPES["pay.summary"]("ko")
    change = house.state.offered[0]
    house.state = labelled(house.state, {change.token: "마음이 바뀌었어요"})
    house.send(Said("마음이 바뀌었어요~", "m"))
    assert house.question == "cart.change"
