"""Numbers as people write them: 두 개, x2, a couple, 2번, 첫번째."""

from __future__ import annotations

import re

import msgspec

from app.core.dialog.lexicon import Lexicon, lexicons
from app.core.dialog.plain import has_hangul

_DIGITS = re.compile(r"^(x?)#?(\d{1,9})(\D*)$")
# These stand before a unit only: 네 alone is "yes", 한 alone is nothing.
_ATTRIBUTIVE = {"한", "두", "세", "네", "석", "열한", "열두", "열세", "열네", "스무"}
_AFTER_NUMBER = ("만", "요", "이요", "으로", "로", "주세요", "씩", "정도", "할게요", "살게요", "")
# `the black one` is a thing, not a count.
_POINTING = {"the", "that", "this", "which", "other", "number", "option", "no", "another", "any"}
# A number behind these is how many, whatever the question was: `make it 2`.
_COUNTING = {"it", "want", "like", "take", "have", "get", "need", "only", "just", "order", "buy"}
_CHOOSING = {"number", "option", "no", "choice", "#"}


class Amount(msgspec.Struct, frozen=True):
    """A number in a text. `kind`: count (with a unit or a counting word), pack, choice or bare."""

    value: int
    kind: str
    start: int  # first token
    end: int  # token after the last


def amounts(tokens: list[str], pointed: frozenset[int] = frozenset()) -> list[Amount]:
    """The numbers of a text, in order. `pointed`: tokens that name things (`black` one)."""
    found: list[Amount] = []
    at = 0
    while at < len(tokens):
        amount = _amount(tokens, at, pointed)
        if amount is None:
            at += 1
        else:
            found.append(amount)
            at = amount.end
    return found


def _amount(tokens: list[str], at: int, pointed: frozenset[int]) -> Amount | None:
    for read in (_ordinal, _digits, _hangul):
        amount = read(tokens, at)
        if amount is not None:
            return amount
    return _english(tokens, at, pointed)


def _next(tokens: list[str], at: int) -> str:
    return tokens[at] if at < len(tokens) else ""


def _unit(text: str) -> str:
    """What kind of unit a text begins with: pack, choice, count or none."""
    for lexicon in lexicons():
        for kind, units in (
            ("pack", lexicon.pack_units),
            ("choice", lexicon.choice_units),
            ("count", lexicon.count_units),
        ):
            if any(_begins(text, unit) for unit in units):
                return kind
    return ""


def _begins(text: str, unit: str) -> bool:
    return text.startswith(unit) if has_hangul(unit) else text.rstrip("s") == unit.rstrip("s")


def _ordinal(tokens: list[str], at: int) -> Amount | None:
    for lexicon in lexicons():
        for word, value in lexicon.ordinals.items():
            hangul = has_hangul(word)
            pair = tokens[at] + _next(tokens, at + 1)
            if tokens[at] == word or (hangul and tokens[at].startswith(word)):
                return Amount(value, "choice", at, at + 1)
            if hangul and not tokens[at].startswith(word) and pair.startswith(word):
                return Amount(value, "choice", at, at + 2)
    return None


def _digits(tokens: list[str], at: int) -> Amount | None:
    match = _DIGITS.match(tokens[at])
    before = tokens[at - 1] if at else ""
    if match is None:
        return None
    value, rest = int(match[2]), match[3].strip("-")
    if match[1] or before == "x":
        return Amount(value, "count", at, at + 1)
    if rest:
        kind = "count" if rest == "x" else _unit(rest)
        if not kind and rest.startswith(_AFTER_NUMBER[:-1]):
            kind = "bare"
        return Amount(value, kind, at, at + 1) if kind else None
    if before in _CHOOSING:
        return Amount(value, "choice", at, at + 1)
    kind = _unit(_next(tokens, at + 1))
    if not kind and before in _COUNTING:
        return Amount(value, "count", at, at + 1)
    return Amount(value, kind or "bare", at, at + (2 if kind else 1))


def _hangul(tokens: list[str], at: int) -> Amount | None:
    token = tokens[at]
    lexicon = lexicons()[0]
    word = _number_word(token, lexicon)
    if word is None:
        return None
    value, rest = lexicon.numbers[word], token[len(word) :]
    if word == "열" and not rest:
        more = _hangul(tokens, at + 1) if at + 1 < len(tokens) else None
        if more is not None and more.value < 10:
            return Amount(10 + more.value, more.kind, at, more.end)
    if _next(tokens, at + 1).startswith("다") and not rest:
        return None  # 둘 다: both, said of things that are there, not how many
    if rest:
        kind = _unit(rest)
        standing = word not in _ATTRIBUTIVE and rest.startswith(_AFTER_NUMBER[:-1])
        kind = kind or ("count" if standing else "")
        return Amount(value, kind, at, at + 1) if kind else None
    kind = _unit(_next(tokens, at + 1))
    if kind:
        return Amount(value, kind, at, at + 2)
    return None if word in _ATTRIBUTIVE else Amount(value, "count", at, at + 1)


def _number_word(token: str, lexicon: Lexicon) -> str | None:
    fits = [x for x in lexicon.numbers if token.startswith(x)]
    return max(fits, key=len) if fits else None


def _english(tokens: list[str], at: int, pointed: frozenset[int]) -> Amount | None:
    lexicon = lexicons()[1]
    for size in (3, 2, 1):
        words = tokens[at : at + size]
        value = lexicon.numbers.get(" ".join(words)) if len(words) == size else None
        if value is None:
            continue
        before = tokens[at - 1] if at else ""
        if before in _CHOOSING:
            return Amount(value, "choice", at, at + size)
        if words == ["one"] and (before in _POINTING or at - 1 in pointed or _is_ordinal(before)):
            return None
        kind = _unit(_next(tokens, at + size))
        return Amount(value, kind or "count", at, at + size + (1 if kind else 0))
    return None


def _is_ordinal(word: str) -> bool:
    return any(word in lexicon.ordinals for lexicon in lexicons())
