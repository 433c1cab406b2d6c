"""The golden conversations, played on the pure dialog in every language."""

from __future__ import annotations

import pytest

from tests.core.player import FOLDER, Player, scenarios


@pytest.mark.parametrize(("name", "language"), scenarios())
def test_scenario(name, language):
    player = Player(name, language)
    player.play()
    wanted = player.script.get("answers")
    if wanted is not None:
        assert player.paying == wanted, f"{player.paying} answers to the payment page"


def test_every_scenario_is_played_in_both_languages():
    played = scenarios()
    names = {path.stem for path in FOLDER.glob("*.yaml")}
    assert {(name, language) for name in names for language in ("ko", "en")} == set(played)


def test_a_bot_that_says_something_else_is_seen():
    player = Player("new-names-variant", "en")
    player.script["play"]["en"][1]["bot"]["has"] = ["Sun mug"]
    with pytest.raises(AssertionError, match="not said: Sun mug"):
        player.play()
