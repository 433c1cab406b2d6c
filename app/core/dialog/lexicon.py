"""The word lists of every language, and which intents a message carries. Data is in `words/`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from app.core.dialog.plain import alike, compact, has_hangul, jamo, plain, words

LANGUAGES = ("ko", "en")
LONGEST_INTENT = 60  # characters; a longer message is a story, its intent is not in single words

# When a message carries several, the first of these counts.
PRIORITY = (
    "stop",
    "start",
    "person",
    "problem",
    "restart",
    "paid",
    "cancel",
    "orders",
    "address",
    "delivery",
    "quantity",
    "other",
    "more",
    "photos",
    "pay",
    "checkout",
    "change",
    "back",
    "english",
    "korean",
    "help",
    "menu",
    "later",
    "thanks",
    "hello",
    "yes",
    "no",
)


class Lexicon(msgspec.Struct, frozen=True):
    """One language's words, in plain form."""

    language: str
    whole: dict[str, tuple[str, ...]]
    has: dict[str, tuple[str, ...]]
    last_address: tuple[str, ...]
    polite: tuple[str, ...]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    count_units: tuple[str, ...]
    pack_units: tuple[str, ...]
    choice_units: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def lexicons() -> tuple[Lexicon, ...]:
    """All languages, read once."""
    return tuple(_load(x) for x in LANGUAGES)


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Words that mean something of their own: `back` is no slip for `black`."""
    phrases = {
        phrase
        for lexicon in lexicons()
        for lists in (lexicon.whole, lexicon.has)
        for phrases in lists.values()
        for phrase in phrases
    }
    numbers = {y for lexicon in lexicons() for x in lexicon.numbers for y in words(x)}
    return frozenset(y for x in phrases for y in words(x) if not has_hangul(y)) | numbers


def _load(language: str) -> Lexicon:
    raw = tomllib.loads(
        files("app.core.dialog").joinpath("words", f"{language}.toml").read_text("utf-8")
    )
    intents: dict[str, Any] = raw["intents"]
    unknown = set(intents) - set(PRIORITY)
    if unknown:
        raise ValueError(f"{language}.toml names unknown intents: {sorted(unknown)}")
    units = raw["units"]
    return Lexicon(
        language=language,
        whole={k: _plain(v.get("whole", ())) for k, v in intents.items()},
        has={k: _plain(v.get("has", ())) for k, v in intents.items()},
        last_address=_plain(raw["phrases"]["last_address"]),
        polite=_plain(raw["phrases"]["polite"]),
        numbers={plain(k): v for k, v in raw["numbers"].items()},
        ordinals={plain(k): v for k, v in raw["ordinals"].items()},
        count_units=_longest_first(units["count"]),
        pack_units=_longest_first(units["pack"]),
        choice_units=_longest_first(units["choice"]),
        values={plain(k): _longest_first(v) for k, v in raw["values"].items()},
    )


def _plain(texts: list[str]) -> tuple[str, ...]:
    return tuple(plain(x) for x in texts)


def _longest_first(texts: list[str]) -> tuple[str, ...]:
    return tuple(sorted(_plain(texts), key=len, reverse=True))


def intents(cleaned: str) -> tuple[str, ...]:
    """The intents of a plain text, the one that counts first."""
    if not cleaned or len(cleaned) > LONGEST_INTENT:
        return ()
    found = {
        name
        for lexicon in lexicons()
        for name in PRIORITY
        if _is(cleaned, lexicon.whole.get(name, ()), lexicon.polite)
        or any(has_phrase(cleaned, x) for x in lexicon.has.get(name, ()))
    }
    return tuple(x for x in PRIORITY if x in found)


def remembers_address(cleaned: str) -> bool:
    """Does the person speak of the address used before?"""
    return any(has_phrase(cleaned, x) for lexicon in lexicons() for x in lexicon.last_address)


def _is(cleaned: str, wholes: tuple[str, ...], polite: tuple[str, ...]) -> bool:
    if not wholes:
        return False
    forms = {compact(cleaned), compact(_without_polite(cleaned, polite))} - {""}
    marks = cleaned.strip() if not any(x.isalnum() for x in cleaned) else ""
    return any(
        (marks and marks.strip("?") == "" and whole == "?")
        or any(_same(form, compact(whole)) for form in forms)
        for whole in wholes
    )


def _same(form: str, whole: str) -> bool:
    if form == whole:
        return True
    # `no` must not become `not`, nor 네 become 내: only longer phrases may carry a slip.
    return min(len(jamo(form)), len(jamo(whole))) >= 5 and alike(form, whole)


def _without_polite(cleaned: str, polite: tuple[str, ...]) -> str:
    kept = [x for x in words(cleaned) if x not in polite]
    text = " ".join(kept)
    if has_hangul(text):
        for ending in sorted(polite, key=len, reverse=True):
            if has_hangul(ending) and text.endswith(ending) and len(text) > len(ending):
                return text[: -len(ending)].strip()
    return text


def has_phrase(cleaned: str, phrase: str) -> bool:
    """Is the phrase in the text? Korean by stem, blanks ignored; others by whole words."""
    if has_hangul(phrase):
        return compact(phrase) in compact(cleaned)
    wanted, there = words(phrase), words(cleaned)
    size = len(wanted)
    return any(
        all(_word(a, b) for a, b in zip(wanted, there[at : at + size], strict=True))
        for at in range(len(there) - size + 1)
    )


def _word(wanted: str, there: str) -> bool:
    if wanted == there:
        return True
    # `paid` is not `pair` nor `said`: one slip needs five letters.
    return len(wanted) >= 5 and alike(wanted, there)
