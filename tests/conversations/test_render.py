"""Words: every key in both languages, within every channel's limits."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.render import Renderer, locale_of, placeholders, read_catalogue
from app.core.dialog.address import QUESTIONS as ADDRESS
from app.core.dialog.news import NEWS
from app.core.dialog.scenes import QUESTIONS
from app.core.dialog.state import State
from app.core.dialog.timers import NUDGES
from app.core.dialog.track import WORDS
from app.core.dialog.wants import Arg, Choice, Say
from app.core.money import Money
from app.core.outbound import Limits
from tests.core.hanok import INSTAGRAM, PLAIN, hanok

RENDERER = Renderer.load()
DIALOG = Path(__file__).parents[2] / "app" / "core" / "dialog"
SHOP = hanok("ko")
KEY = re.compile(r"^[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$")
CODES = ("name", "phone", "line1", "region", "city", "postcode", "bad-postcode", "bad-region",
         "bad-phone")  # fmt: skip
MEDIA = ("audio", "story-mention", "other")
BAD_NEWS = re.compile(r"^(?:news\.(?!paid|shipped)|miss\.|cart\.(?:short|sold|gone)|browse\.sold"
                      r"|pay\.expired|cancel\.|stop\.|help\.problem|campaign\.over)")  # fmt: skip


def constants() -> set[str]:
    """Every text in core's dialog that looks like a key."""
    found = set()
    for path in DIALOG.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {x for x in found if KEY.match(x)}


def said_keys() -> set[str]:
    """Keys that are said for sure: where core says, notes or offers something by a plain key."""
    found = set()
    for path in DIALOG.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found |= set(_keys_of(node))
    return found


def _keys_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[:1] if name in {"note", "tell", "Telling"} else []
        named = [x.value for x in node.keywords if x.arg in {"key", "again"}]
        named += [x.value for x in node.keywords if x.arg == "note" and name == "Choice"]
        return [key for x in (*first, *named) for key in _plain(x)]
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Dict):
        return [x for x in _plain(node.elts[0]) if KEY.match(x)]
    return []


def _plain(node: ast.AST) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_plain(node.body), *_plain(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        return [node.value]
    return []


def made_keys() -> set[str]:
    """Keys that core puts together."""
    asked = {f"address.ask-{x}" for x in CODES}
    media = {f"media.{x}" for x in MEDIA}
    choices = {f"choice.{x}" for telling in NEWS.values() for x in telling.choices}
    told = {x.key for x in NEWS.values()} | set(WORDS.values()) | set(NUDGES.values())
    again = {x.again for x in QUESTIONS.values() if x.again}
    return asked | media | choices | told | again


# --- the catalogues -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_key_that_core_says_has_words(language):
    texts = set(RENDERER.catalogues[language].texts)
    assert said_keys() | made_keys() <= texts


def test_no_words_are_left_over():
    unused = set(RENDERER.catalogues["en"].texts) - constants() - made_keys()
    assert not unused


def test_both_languages_have_the_same_keys_and_placeholders():
    ko, en = (RENDERER.catalogues[x].texts for x in ("ko", "en"))
    assert set(ko) == set(en)
    for key in ko:
        korean = {y for x in ko[key] for y in placeholders(x)}
        english = {y for x in en[key] for y in placeholders(x)}
        assert korean == english, key


@pytest.mark.parametrize("language", ["ko", "en"])
def test_bad_news_has_no_exclamation_mark_and_no_emoji(language):
    for key, forms in RENDERER.catalogues[language].texts.items():
        if BAD_NEWS.match(key):
            assert not any("!" in x or any(ord(y) > 0x1F000 for y in x) for x in forms), key


def test_korean_is_polite_and_plain():
    """해요체 throughout; 고맙습니다 and 죄송합니다 are set phrases."""
    stiff = re.compile(r"(?:입니다|합니다|됩니다|하십시오|당신|귀하)")
    for key, forms in RENDERER.catalogues["ko"].texts.items():
        assert not any(stiff.search(x.replace("죄송합니다", "")) for x in forms), key


@pytest.mark.parametrize("language", ["ko", "en"])
def test_labels_fit_a_button(language):
    sample: dict[str, Arg] = {
        "count": 3, "total": Money(18_000, "KRW"),
        "option": {"ko": "색상", "en": "colour"}[language],
        "name": {"ko": "택배", "en": "parcel"}[language], "price": Money(3_000, "KRW"),
    }  # fmt: skip
    for key in RENDERER.catalogues[language].texts:
        if key.startswith("choice."):
            label = RENDERER.words(key, sample, language, SHOP)
            assert 0 < len(label) <= INSTAGRAM.button_label, label


def test_a_catalogue_with_a_gap_is_refused():
    raw = b'msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "a.b"\nmsgstr ""\n'
    with pytest.raises(ValueError, match=r"a\.b has no words"):
        read_catalogue("en", raw)


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "language", "text"),
    [
        (1, "en", "What you chose is kept 1 more minute."),
        (5, "en", "What you chose is kept 5 more minutes."),
        (5, "ko", "골라 두신 상품을 5분 더 챙겨 둘게요."),
    ],
)
def test_plurals_follow_the_language(count, language, text):
    assert RENDERER.words("nudge.held", {"count": count}, language, SHOP) == text


def test_money_and_time_are_written_as_the_shop_does():
    until = datetime(2026, 11, 20, 5, 20, tzinfo=UTC)
    assert RENDERER.words("hold.until", {"until": until}, "en", SHOP) == "Kept for you until 14:20."
    total = {"total": Money(18_000, "KRW")}
    assert RENDERER.words("summary.total", total, "ko", SHOP) == "총 ₩18,000"
    assert RENDERER.words("choice.pay", {"total": Money(1250, "USD")}, "en", SHOP) == "Pay $12.50"
    starts = {"starts": until}
    assert RENDERER.words("campaign.before", starts, "ko", SHOP).startswith(
        "이 상품은 11월 20일 14:20"
    )
    assert RENDERER.words("campaign.before", starts, "en", SHOP) == "This starts on Nov 20 14:20."


def test_an_unknown_language_or_key_never_raises():
    assert RENDERER.words("greet.menu", {}, "fr", SHOP) == "어떤 상품을 보여 드릴까요?"
    assert RENDERER.words("no.such.key", {}, "ko", SHOP) == "no.such.key"
    assert RENDERER.words("summary.total", {}, "en", SHOP) == " in all"
    assert locale_of("xx", "KR") == "en"


def test_what_people_write_is_never_taken_for_a_placeholder():
    args = {"item": "{total} {0} %s {shop.secret}", "option": "x"}
    assert "{total} {0} %s {shop.secret}" in RENDERER.words("browse.option", args, "en", SHOP)


# --- a shop's own wording -----------------------------------------------------------------------


def test_a_shop_says_it_in_its_own_words():
    shop = msgspec.structs.replace(SHOP, words={"ko": {"summary.total": "모두 {total}입니다"}})
    total = {"total": Money(18_000, "KRW")}
    assert RENDERER.words("summary.total", total, "ko", shop) == "모두 ₩18,000입니다"
    assert RENDERER.words("summary.total", total, "en", shop) == "₩18,000 in all"


@pytest.mark.parametrize(
    ("key", "text", "complaint"),
    [
        ("summary.totl", "x", "ko: there is no text called summary.totl"),
        ("summary.total", "{amount}", "ko: summary.total has no {amount}"),
        ("summary.total", "{total", "ko: summary.total has a broken brace"),
    ],
)
def test_wrong_wording_is_named(key, text, complaint):
    assert RENDERER.check({"ko": {key: text}}) == [complaint]
    with pytest.raises(ValueError, match=re.escape(complaint)):
        Renderer(RENDERER.catalogues, {"ko": {key: text}})


def test_wording_that_slipped_through_is_shown_as_it_is():
    shop = msgspec.structs.replace(SHOP, words={"ko": {"summary.total": "{total.amount} {"}})
    assert RENDERER.words("summary.total", {}, "ko", shop) == "{total.amount} {"


def test_wording_cannot_reach_into_what_it_is_given():
    shop = msgspec.structs.replace(SHOP, words={"ko": {"summary.total": "{total.__class__}"}})
    assert RENDERER.words("summary.total", {"total": Money(1, "KRW")}, "ko", shop) == ""


# --- messages -----------------------------------------------------------------------------------


def _say(count: int, **changes: object) -> Say:
    choices = tuple(
        Choice("value", str(n), label=f"value {n}", token=f"t.1.{n}") for n in range(1, count + 1)
    )
    return msgspec.structs.replace(
        Say(key="browse.product", choices=choices, language="en"), **changes
    )


def _render(say: Say, limits: Limits = INSTAGRAM) -> tuple[str, list[str]]:
    message = RENDERER.render(say, State(), SHOP, limits)
    return message.text, [x.label for x in message.buttons]


def test_choices_are_buttons_with_the_tokens_of_the_step():
    message = RENDERER.render(_say(2), State(), SHOP, INSTAGRAM)
    assert [(x.label, x.token) for x in message.buttons] == [
        ("value 1", "t.1.1"),
        ("value 2", "t.1.2"),
    ]


def test_more_choices_than_buttons_become_chips_and_more_than_chips_are_numbered():
    assert _render(_say(13))[1] == [f"value {n}" for n in range(1, 14)]
    text, labels = _render(_say(15))
    assert labels == [f"value {n}" for n in range(1, 14)]
    assert "15. value 15" in text


def test_a_private_reply_has_buttons_only():
    text, labels = _render(_say(5, to="comment-private"))
    assert labels == ["value 1", "value 2", "value 3"]
    assert "1. value 1\n2. value 2" in text
    assert "5. value 5" in text


def test_a_channel_without_buttons_gets_numbers():
    text, labels = _render(_say(2), PLAIN)
    assert not labels
    assert text.endswith("1. value 1\n2. value 2")


def test_where_a_number_means_a_quantity_choices_are_not_numbered():
    text, _ = _render(_say(2, numbered=False), PLAIN)
    assert text.endswith("• value 1\n• value 2")


def test_a_link_stands_in_the_text_where_it_cannot_be_a_button():
    pay = Choice(
        "pay", key="choice.pay", args={"total": Money(1, "KRW")}, url="https://x.example/p"
    )
    change = Choice("change", key="choice.change", token="t.1.1")
    say = _say(0, choices=(pay, change), language="en")
    text, labels = _render(say, PLAIN)
    assert "Pay ₩1: https://x.example/p" in text
    assert text.endswith("1. Change")
    assert not labels
    assert _render(say)[1] == ["Pay ₩1", "Change"]


def test_a_remark_survives_when_a_long_label_is_cut():
    long = Choice("value", "x", label="가" * 30, note="choice.sold-out", token="t.1.1")
    label = _render(_say(0, choices=(long,), language="ko"))[1][0]
    assert len(label) <= 20
    assert label.endswith("… (품절)")


def test_ready_words_are_sent_as_they_are():
    say = Say(key="", text="{not a key} 안녕하세요!", language="ko")
    assert _render(say)[0] == "{not a key} 안녕하세요!"


def test_long_words_go_in_several_messages_with_the_choices_under_the_last():
    lines = tuple(("browse.sold", {"item": f"item {n} " + "나" * 40}) for n in range(30))
    say = _say(2, parts=lines)
    messages = RENDERER.render_all(say, State(), SHOP, INSTAGRAM)
    assert len(messages) > 1
    assert [bool(x.buttons) for x in messages] == [False] * (len(messages) - 1) + [True]
    assert all(len(x.text.encode()) <= INSTAGRAM.text for x in messages)
    assert "item 29" in messages[-1].text


def test_a_comment_gets_one_message_however_long():
    say = _say(2, parts=(("greet.hello", {"shop": "나" * 2000}),), to="comment-private")
    [message] = RENDERER.render_all(say, State(), SHOP, INSTAGRAM)
    assert len(message.text) <= INSTAGRAM.button_text
    assert len(message.text.encode()) <= INSTAGRAM.text


CHANNELS = st.builds(
    Limits,
    text=st.integers(400, 4000),
    text_unit=st.sampled_from(["characters", "bytes"]),
    buttons=st.integers(0, 10),
    button_label=st.integers(8, 40),
    button_text=st.integers(200, 1024),
    quick_replies=st.sampled_from([0, 13]),
    url_buttons=st.booleans(),
    comment_buttons=st.booleans(),
)


def test_when_words_and_choices_do_not_fit_the_words_give_way():
    say = _say(15, parts=(("browse.sold", {"item": "나" * 900}),))
    text, _ = _render(say)
    assert "15. value 15" in text
    assert "…" in text


@given(
    CHANNELS,
    st.integers(0, 16),
    st.text(max_size=300),
    st.sampled_from(["chat", "comment-private"]),
    st.booleans(),
)
def test_no_message_breaks_a_channels_limits(limits, count, item, to, numbered):
    parts = (("browse.sold", {"item": item}),)
    say = _say(count, parts=parts, to=to, numbered=numbered)
    for message in RENDERER.render_all(say, State(), SHOP, limits):
        size = len(message.text.encode() if limits.text_unit == "bytes" else message.text)
        assert size <= limits.text
        assert len(message.buttons) <= max(limits.buttons, limits.quick_replies)
        assert all(len(x.label) <= limits.button_label for x in message.buttons)
        assert all(bool(x.token) != bool(x.url) for x in message.buttons)


def test_the_address_scene_has_words_for_every_code():
    assert ADDRESS
    for code in CODES:
        assert f"address.ask-{code}" in RENDERER.catalogues["ko"].texts
