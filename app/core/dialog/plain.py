"""Text made comparable: one form for every way of typing the same thing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 600  # characters that are looked at; more than that is a letter, not an answer

# Variation selectors and the like are invisible; joiners hold emoji together and say nothing here.
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_SPACES = {"\n", "\t", "\r"}
_HANGUL = re.compile("[\uac00-\ud7a3\u3131-\u318e]")
_BREAKS = re.compile(r"[\s]+")
_WORD = re.compile(r"#?[^\W_]+(?:[-'][^\W_]+)*|[^\w\s]", re.UNICODE)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """NFKC and casefolded, without what cannot be seen, blanks made single; ＃ becomes #."""
    folded = unicodedata.normalize("NFKC", text[: LONGEST * 4]).casefold()
    folded = folded.replace("\u2019", "'").replace("\u2018", "'")
    kept = [x if _visible(x) else (" " if x in _SPACES else "") for x in folded]
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()[:LONGEST]


def _visible(letter: str) -> bool:
    if "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
        return False
    # The Hangul fillers are letters by category and blank to the eye.
    if letter in "\u115f\u1160\u3164\uffa0\u2800":
        return False
    return unicodedata.category(letter) not in _INVISIBLE


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """Only letters and digits of `plain(text)`: for comparing whole phrases."""
    return "".join(x for x in plain(text) if x.isalnum())


def words(text: str) -> list[str]:
    """The words of a plain text, signs dropped."""
    return [x for x in _WORD.findall(text) if any(y.isalnum() for y in x)]


def is_word_letter(letter: str) -> bool:
    """Does this letter continue a hashtag?"""
    return letter.isalnum() or letter == "_" or unicodedata.category(letter).startswith("M")


def has_hangul(text: str) -> bool:
    """Is there Korean in it?"""
    return _HANGUL.search(text) is not None


@lru_cache(maxsize=8192)
def distance(left: str, right: str) -> int:
    """How many letters were mistyped; a swap of neighbours counts once (string alignment)."""
    if left == right:
        return 0
    rows: list[list[int]] = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@lru_cache(maxsize=8192)
def jamo(text: str) -> str:
    """Hangul taken apart: 화이뜨 is one letter from 화이트, not one syllable of three."""
    return unicodedata.normalize("NFD", text)


@lru_cache(maxsize=16384)
def alike(left: str, right: str) -> bool:
    """Are these the same word, a typing mistake apart? Short words must be equal."""
    if left == right:
        return True
    a, b = jamo(left), jamo(right)
    shorter = min(len(a), len(b))
    # Latin: 4 letters may miss one. Hangul syllables hold 2-3 letters, so 3 syllables may.
    needed = 6 if has_hangul(left + right) else 4
    if shorter < needed or abs(len(a) - len(b)) > 2:
        return False
    return distance(a, b) <= (2 if shorter >= 8 else 1)
