"""Text is cut where a person would cut it, in the unit that the platform counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.outbound import Button, Card, Limits, Message
from app.edge.text import clean, clip, graphemes, measure, numbered, plain, split

FAMILY = "👨‍👩‍👧‍👦"
JAMO = "\u1112\u1161\u11ab"  # 한, typed as three jamo
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "one",
    [
        "a",
        "한",
        JAMO,
        "하\u11ab",
        "e\u0301",
        "👍🏽",
        "❤️",
        "1️⃣",
        FAMILY,
        "🇰🇷",
        FLAG,
        "\r\n",
    ],
)
def test_what_a_person_sees_as_one_is_one(one):
    assert list(graphemes(one)) == [one]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("한국", ["한", "국"]),
        (JAMO + JAMO, [JAMO, JAMO]),
        ("🇰🇷🇺🇸", ["🇰🇷", "🇺🇸"]),
        ("🇰🇷🇺", ["🇰🇷", "🇺"]),
        ("e\u0301e", ["e\u0301", "e"]),
        (f"{FAMILY}{FAMILY}", [FAMILY, FAMILY]),
        ("a\u200db", ["a\u200d", "b"]),
        ("\n\u0301", ["\n", "\u0301"]),
    ],
)
def test_neighbours_stay_apart(text, parts):
    assert list(graphemes(text)) == parts


def test_a_letter_under_a_thousand_marks_is_cut():
    parts = list(graphemes("a" + "\u0301" * 1000))
    assert max(len(part) for part in parts) == 32
    assert len(clip("a" + "\u0301" * 1000, 100)) <= 100


@given(st.text())
def test_graphemes_are_the_text(text):
    assert "".join(graphemes(text)) == text


# --- clip ---------------------------------------------------------------------------------------


def test_what_fits_is_left_alone():
    assert clip("가나다", 9, "bytes") == "가나다"
    assert clip("가나다", 3) == "가나다"


def test_a_cut_shows():
    assert clip("가나다라", 3) == "가나…"
    assert clip("가나다라", 9, "bytes") == "가나…"
    assert clip("가나다라", 11, "bytes") == "가나…"


def test_no_blank_is_left_before_the_mark():
    assert clip("one two three", 8) == "one two…"
    assert clip("one two three", 5) == "one…"


def test_an_emoji_is_kept_whole_or_left_out():
    assert clip(f"a{FAMILY}b", 8) == "a…"
    assert clip(f"a{FAMILY}bc", 9) == f"a{FAMILY}…"


def test_a_link_is_never_cut():
    text = "결제 https://shop.example/pay/T0KEN 감사합니다"
    assert clip(text, 30) == "결제…"
    assert clip(text, 34) == "결제 https://shop.example/pay/T0KEN"
    assert clip(text, 35) == "결제 https://shop.example/pay/T0KEN …"


@pytest.mark.parametrize(("limit", "result"), [(0, ""), (1, "…"), (2, "가…")])
def test_there_may_be_room_for_nothing(limit, result):
    assert clip("가나다", limit) == result


def test_the_mark_itself_may_not_fit():
    assert clip("abcdef", 2, "bytes") == "ab"


@given(st.text(), st.integers(0, 40), st.sampled_from(["bytes", "characters"]))
def test_a_clipped_text_fits(text, limit, unit):
    assert measure(clip(text, limit, unit), unit) <= limit


# --- split --------------------------------------------------------------------------------------


def test_text_is_parted_at_the_best_pause():
    assert split("하나. 둘\n\n셋. 넷", 9) == ["하나. 둘", "셋. 넷"]
    assert split("첫째 줄\n둘째 줄", 7) == ["첫째 줄", "둘째 줄"]
    assert split("Good. Better now.", 12) == ["Good. Better", "now."]
    assert split("One is it. Two is more", 14) == ["One is it.", "Two is more"]


def test_a_pause_too_early_is_not_taken():
    assert split("a\n" + "b" * 10, 8) == ["a\nbbbbbb", "bbbb"]


def test_korean_is_counted_in_bytes():
    parts = split("가" * 10, 10, "bytes")
    assert parts == ["가가가", "가가가", "가가가", "가"]


def test_a_link_stays_whole_even_where_it_is_too_long():
    link = "https://shop.example/" + "x" * 30
    assert split(f"pay here {link} thanks", 20) == ["pay here", link, "thanks"]


def test_no_text_is_no_part():
    assert split(" \n ", 10) == []


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 30))
def test_nothing_is_lost_but_blanks(text, limit):
    parts = split(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(parts)


@given(st.text("가나 .\n", max_size=200), st.integers(3, 50))
def test_every_part_fits(text, limit):
    assert all(measure(part, "bytes") <= limit for part in split(text, limit, "bytes"))


# --- clean --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a\0b", "ab"),
        ("한\0글", "한글"),
        ("half \ud83d", "half \ufffd"),
        ("\ud83d\ude00", "😀"),
        ("plain", "plain"),
    ],
)
def test_text_is_made_fit_for_a_database(text, result):
    assert clean(text) == result


@given(st.text(st.characters()))
def test_clean_text_can_be_stored(text):
    assert "\0" not in clean(text)
    clean(text).encode()


# --- plain --------------------------------------------------------------------------------------


def test_answers_are_numbered_and_links_stand_under_their_label():
    message = Message(
        "무엇을 드릴까요?",
        buttons=(
            Button("라이트", token="t1"),
            Button("결제", url="https://shop.example/pay"),
            Button("다크", token="t2"),
        ),
    )
    assert plain(message) == Message(
        "무엇을 드릴까요?\n\n결제: https://shop.example/pay\n\n1. 라이트\n2. 다크"
    )


def test_cards_become_lines_and_their_buttons_go_on_counting():
    message = Message(
        "Choose",
        buttons=(Button("Back", token="b"),),
        cards=(Card("Light", "₩12,000", buttons=(Button("Take light", token="l"),)), Card("Dark")),
    )
    assert plain(message).text == "Choose\nLight · ₩12,000\nDark\n\n1. Back\n2. Take light"


def test_the_words_give_way_to_choices_and_links():
    message = Message("가" * 50, buttons=(Button("결제", url="https://shop.example/pay"),))
    text = plain(message, Limits(text=60, text_unit="bytes")).text
    assert text == "가" * 7 + "…\n\n결제: https://shop.example/pay"
    assert measure(text, "bytes") <= 60


def test_a_picture_without_words_is_its_address():
    assert plain(Message("", image_url="https://shop.example/m.jpg")) == Message(
        "https://shop.example/m.jpg"
    )
    assert plain(Message("Mug", image_url="https://shop.example/m.jpg")) == Message("Mug")


def test_text_alone_stays_as_it_is():
    assert plain(Message("안녕하세요")) == Message("안녕하세요")


def test_numbers_may_start_anywhere():
    assert numbered(["a", "b"], start=3) == "3. a\n4. b"
