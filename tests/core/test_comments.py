"""Which comments open a purchase, and for whom nothing is said twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.dialog.campaigns import find, without_tags
from app.core.dialog.lexicon import intents
from app.core.dialog.wants import CallPerson
from app.core.inbound import Commented, Said, SendReported, Tapped
from tests.core.hanok import START, hanok
from tests.core.house import House, keys


def comment(text: str, number: int = 1, **more: object) -> Commented:
    return Commented(f"c{number}", text, START, author_name="mina", **more)  # type: ignore[arg-type]


# --- hashtags -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["#moonmug", "so cute #MoonMug!!", "＃moonmug", "# moonmug", "#moon mug black",
     "#m\u200boonmug", "#moonmug\ufe0f😍", "예뻐요#moonmug", "#ＭＯＯＮＭＵＧ",
     "#other #moonmug", "#moonmug."],
)  # fmt: skip
def test_a_hashtag_is_found_however_it_is_typed(text):
    assert [x.campaign.slug for x in find(text, hanok(), START)] == ["moonmug"]


@pytest.mark.parametrize(
    "text",
    ["moonmug", "#moonmugs", "#moonmug_x", "#moonmug2", "#moon", "", "#", "# #", "#moon-mug"],
)
def test_only_whole_tags_count(text):
    assert find(text, hanok(), START) == []


@pytest.mark.parametrize(
    ("text", "when"), [("#곧", "before"), ("#지난", "over"), ("#한옥", "live")]
)
def test_a_campaign_runs_in_its_time(text, when):
    assert [x.when for x in find(text, hanok(), START)] == [when]


def test_the_end_is_not_part_of_the_time_and_the_start_is():
    shop = hanok()
    soon = next(x for x in shop.campaigns if x.slug == "soon")
    past = next(x for x in shop.campaigns if x.slug == "past")
    assert soon.starts is not None
    assert past.ends is not None
    assert find("#곧", shop, soon.starts)[0].when == "live"
    assert find("#지난", shop, past.ends)[0].when == "over"
    assert find("#지난", shop, past.ends - timedelta(seconds=1))[0].when == "live"


@pytest.mark.parametrize("text", ["i said", "i pair", "stip", "hep"])
def test_short_words_are_not_taken_for_others(text):
    assert intents(text) == ()


def test_what_a_tag_says_is_not_read_as_an_answer():
    assert without_tags("#moonmug black", hanok()) == "black"


def test_several_campaigns_in_one_comment_offer_all_their_products():
    house = House(hanok("en"))
    [say, _] = house.send(comment("#moonmug and #가을드립"))
    assert [x.label for x in say.choices] == ["Moon mug", "Drip bag"]


def test_a_campaign_that_does_not_run_says_so_and_shows_the_rest():
    house = House(hanok("en"))
    said = house.send(comment("#지난"))
    assert keys(said)[:3] == ["greet.hello", "campaign.over", "greet.menu"]
    assert {x.to for x in said} == {"comment-private"}


# --- who is answered ----------------------------------------------------------------------------


def test_our_own_comment_is_nobodys():
    house = House()
    assert house.send(comment("#moonmug", own=True)) == []
    assert house.why == "our own comment"


def test_a_comment_under_a_comment_is_answered_in_private_only():
    house = House()
    assert [x.to for x in house.send(comment("#moonmug black", parent_id="c0"))] == [
        "comment-private"
    ]


def test_the_same_comment_twice_is_answered_once():
    house = House()
    house.send(comment("#moonmug black"))
    assert house.send(comment("#moonmug black")) == []
    assert house.why == "this comment is answered"


def test_a_second_comment_goes_on_in_the_chat_if_that_may_be_written_to():
    house = House(hanok("en"))
    house.send(comment("#moonmug"))
    house.send(Said("black", "m1"))
    said = house.send(comment("#moonmug white please", 2))
    assert {x.to for x in said} == {"chat"}
    assert house.state.draft.values == {"0": "white"}
    assert house.send(comment("#moonmug", 3)) == []


def test_a_second_comment_is_silent_when_the_window_is_shut():
    house = House(hanok("en"))
    house.send(comment("#moonmug"))
    house.send(Said("black", "m1"))
    house.now += timedelta(hours=24)
    assert house.send(comment("#moonmug white", 2)) == []
    assert house.why == "a purchase is open, and the chat may not be written to"


def test_long_silence_lets_a_new_comment_begin_again():
    house = House(hanok("en"))
    house.send(comment("#moonmug black"))
    house.pass_time(timedelta(days=2))
    assert house.state.dormant
    assert house.send(comment("#moonmug white", 2))[0].to == "comment-private"


def test_an_answer_after_long_silence_still_counts():
    house = House(hanok("en"))
    house.send(comment("#moonmug black"))
    house.pass_time(timedelta(days=2))
    house.send(Tapped(house.state.offered[0].token))
    assert house.question == "address.where"
    assert house.held == {"v-mug-b": 1}


def test_a_private_reply_that_was_refused_leaves_no_open_purchase():
    house = House()
    house.send(comment("#moonmug black"))
    house.send(SendReported(1, "private-reply", "refused", rule="comment-gone"))
    assert house.state.scene == "start"
    assert house.send(comment("#moonmug black", 2))[0].to == "comment-private"


@pytest.mark.parametrize("purpose", ["shipping", "refund"])
def test_news_that_could_not_be_sent_goes_to_a_person(purpose):
    house = House()
    house.send(SendReported(1, purpose, "refused", rule="window"))
    assert house.wants == [CallPerson(f"{purpose} could not be sent: window")]
