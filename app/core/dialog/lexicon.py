"""The word lists of every language, and which intents a message carries. Data is in `words/`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
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
    "waitlist",
    "remove",
    "again",
    "keep",
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


class Phrase(msgspec.Struct, frozen=True):
    """A phrase of a word list, made ready for comparing."""

    compact: str
    words: tuple[str, ...]
    hangul: bool
    slips: bool  # long enough that a slip of the finger still means it


class Lexicon(msgspec.Struct, frozen=True):
    """One language's words, in plain form."""

    language: str
    whole: dict[str, tuple[Phrase, ...]]
    has: dict[str, tuple[Phrase, ...]]
    last_address: tuple[Phrase, ...]
    polite: tuple[str, ...]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    count_units: tuple[str, ...]
    pack_units: tuple[str, ...]
    choice_units: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


class _Message(msgspec.Struct, frozen=True):
    """A message, looked at from all sides once."""

    compact: str
    words: tuple[str, ...]
    forms: tuple[str, ...]  # the whole of it, with and without politeness
    question: bool  # nothing but question marks


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
        for listed in lists.values()
        for phrase in listed
    }
    numbers = {y for lexicon in lexicons() for x in lexicon.numbers for y in words(x)}
    return frozenset(y for x in phrases if not x.hangul for y in x.words) | numbers


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
        whole={k: _phrases(v.get("whole", ())) for k, v in intents.items()},
        has={k: _phrases(v.get("has", ())) for k, v in intents.items()},
        last_address=_phrases(raw["phrases"]["last_address"]),
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


def _phrases(texts: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(_phrase(plain(x)) for x in texts)


def _phrase(text: str) -> Phrase:
    joined = compact(text)
    # `no` must not become `not`, nor 네 become 내: only longer phrases may carry a slip.
    slips = len(jamo(joined)) >= 5
    return Phrase(joined or text, tuple(words(text)), has_hangul(text), slips)


@lru_cache(maxsize=1024)
def intents(cleaned: str) -> tuple[str, ...]:
    """The intents of a plain text, the one that counts first."""
    if not cleaned or len(cleaned) > LONGEST_INTENT:
        return ()
    message = _message(cleaned)
    found = {
        name
        for lexicon in lexicons()
        for name in PRIORITY
        if _is(message, lexicon.whole.get(name, ())) or _has(message, lexicon.has.get(name, ()))
    }
    return tuple(x for x in PRIORITY if x in found)


def remembers_address(cleaned: str) -> bool:
    """Does the person speak of the address used before?"""
    message = _message(cleaned[:LONGEST_INTENT])
    return any(_has(message, lexicon.last_address) for lexicon in lexicons())


@lru_cache(maxsize=1024)
def _message(cleaned: str) -> _Message:
    forms = {compact(cleaned)}
    forms |= {compact(_without_polite(cleaned, x.polite)) for x in lexicons()}
    return _Message(
        compact(cleaned),
        tuple(words(cleaned)),
        tuple(forms - {""}),
        bool(cleaned) and not cleaned.strip("? "),
    )


def _is(message: _Message, wholes: tuple[Phrase, ...]) -> bool:
    if message.question:
        return any(x.compact == "?" for x in wholes)
    return any(_same(form, whole) for whole in wholes for form in message.forms)


def _same(form: str, whole: Phrase) -> bool:
    if form == whole.compact:
        return True
    close = abs(len(form) - len(whole.compact)) <= 2
    return close and whole.slips and len(jamo(form)) >= 5 and alike(form, whole.compact)


def _has(message: _Message, phrases: tuple[Phrase, ...]) -> bool:
    """Is one of them in the message? Korean by stem, blanks ignored; others by whole words."""
    return any(
        x.compact in message.compact if x.hangul else _run(message.words, x.words) for x in phrases
    )


def _run(there: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(
        _word(wanted[0], there[at])
        and all(_word(a, b) for a, b in zip(wanted[1:], there[at + 1 : at + size], strict=True))
        for at in range(len(there) - size + 1)
    )


def _word(wanted: str, there: str) -> bool:
    if wanted == there:
        return True
    # `paid` is not `pair` nor `said`: one slip needs five letters.
    return len(wanted) >= 5 and abs(len(wanted) - len(there)) <= 2 and alike(wanted, there)


def _without_polite(cleaned: str, polite: tuple[str, ...]) -> str:
    text = " ".join(x for x in words(cleaned) if x not in polite)
    if has_hangul(text):
        for ending in sorted(polite, key=len, reverse=True):
            if has_hangul(ending) and text.endswith(ending) and len(text) > len(ending):
                return text[: -len(ending)].strip()
    return text
