"""Fits text to a platform's limits without breaking what a person sees as one character.

A platform counts code points or UTF-8 bytes, a person sees graphemes: a Hangul syllable typed as
jamo, a letter with its marks, an emoji family of seven code points. Cuts fall between graphemes,
and never within a URL: half a payment link is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from app.core.outbound import Button, Limits, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ZWJ = "\u200d"
ELLIPSIS = "…"
# Code points in one grapheme. The longest in use are emoji of about ten; a letter under a thousand
# marks is an attack on whoever has to draw it.
LONGEST = 32

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_ENDS_IN_URL = re.compile(r"https?://\S+\Z", re.IGNORECASE)
# Where a text may be parted, best first: paragraph, line, sentence, word.
_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*"),
    re.compile(r"\s+"),
)


def clean(text: str) -> str:
    """Text that every database and UTF-8 take: no NUL, no half of a surrogate pair."""
    if text.isascii():
        return text.replace("\0", "")
    # UTF-16 joins the halves that belong together; "replace" marks those that are alone.
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\0", "")


def measure(text: str, unit: str = "characters") -> int:
    """The length as a platform counts it: code points, or bytes of UTF-8."""
    return len(text.encode("utf-8", "replace")) if unit == "bytes" else len(text)


def graphemes(text: str) -> Iterator[str]:
    """What a person sees as single characters, after Unicode Annex 29 (extended clusters).

    Left out: prepended marks and Indic conjuncts, whose parts are readable when cut.
    """
    start = 0
    flags = 0  # regional indicators at the end of the cluster so far: they pair up
    for at in range(1, len(text) + 1):
        if at == len(text):
            yield text[start:]
            return
        before, after = text[at - 1], text[at]
        flags = flags + 1 if _is_flag(before) else 0
        if at - start == LONGEST or not _joined(before, after, flags):
            yield text[start:at]
            start = at


def _joined(before: str, after: str, flags: int) -> bool:
    if before < "\u0300" and after < "\u0300":
        return before == "\r" and after == "\n"
    if after == ZWJ or _extends(after):
        return before not in "\r\n"
    if before == ZWJ:
        return unicodedata.category(after) == "So"
    if _is_flag(after):
        return flags % 2 == 1
    return _same_syllable(before, after)


def _extends(char: str) -> bool:
    """Marks, variation selectors, skin tones and the invisible tags of regional flags."""
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or char in "\u200c\uff9e\uff9f"
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _same_syllable(before: str, after: str) -> bool:
    """Hangul typed as jamo: leading consonant, vowel and trailing consonant are one syllable."""
    first, second = _jamo(before), _jamo(after)
    if first == "L":
        return second in ("L", "V", "LV", "LVT")
    if first in ("V", "LV"):
        return second in ("V", "T")
    return first in ("T", "LVT") and second == "T"


def _jamo(char: str) -> str:
    if "\u1100" <= char <= "\u115f":
        return "L"
    if "\u1160" <= char <= "\u11a7":
        return "V"
    if "\u11a8" <= char <= "\u11ff":
        return "T"
    if "\uac00" <= char <= "\ud7a3":
        return "LV" if (ord(char) - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _atoms(text: str) -> Iterator[str]:
    """The text in parts that may not be cut: whole URLs, otherwise graphemes."""
    at = 0
    for url in _URL.finditer(text):
        yield from graphemes(text[at : url.start()])
        yield url.group()
        at = url.end()
    yield from graphemes(text[at:])


def _prefix(text: str, limit: int, unit: str) -> int:
    """How many code points of the text fit, cut between atoms."""
    used = taken = 0
    # A code point counts at least one, so nothing beyond this window can fit.
    for atom in _atoms(text[: limit + 1]):
        used += measure(atom, unit)
        if used > limit:
            break
        taken += len(atom)
    return taken


def clip(text: str, limit: int, unit: str = "characters", mark: str = ELLIPSIS) -> str:
    """The text, or as much of its beginning as fits with the mark behind it."""
    if len(text) <= limit and measure(text, unit) <= limit:
        return text
    room = limit - measure(mark, unit)
    if room < 0:
        return clip(text, limit, unit, mark="") if mark else ""
    kept = text[: _prefix(text, room, unit)].rstrip()
    if mark and _ENDS_IN_URL.search(kept):
        # A phone would take the mark for a part of the link.
        return kept if measure(f"{kept} {mark}", unit) > limit else f"{kept} {mark}"
    return kept + mark


def split(text: str, limit: int, unit: str = "characters") -> list[str]:
    """The text in parts that fit, parted where a reader pauses if that leaves a good half.

    A URL longer than the limit stays whole, in a part of its own.
    """
    parts = []
    rest = text.strip()
    while rest:
        if len(rest) <= limit and measure(rest, unit) <= limit:
            parts.append(rest)
            break
        end = _pause(rest, _prefix(rest, limit, unit))
        # Not even one atom fits: it goes alone rather than for ever.
        end = end or len(next(_atoms(rest)))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return parts


def _pause(text: str, fits: int) -> int:
    """The best place to part the text at or before `fits`."""
    # One more is looked at, so that a blank just behind what fits counts as a place.
    window = text[: fits + 1]
    for pattern in _BREAKS:
        ends = [found.start() for found in pattern.finditer(window) if found.start() <= fits]
        if ends and ends[-1] * 2 >= fits and ends[-1] > 0:
            return ends[-1]
    return fits


def numbered(labels: Iterable[str], start: int = 1) -> str:
    """`1. Light`, `2. Dark`: choices for a reader who can only type."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start))


def plain(message: Message, limits: Limits | None = None) -> Message:
    """The same message as text alone, for where buttons cannot be shown.

    Answers are numbered in the order given, buttons before those of cards, links left out of the
    count; a link stands under its label. With `limits`, the words above give way so that every
    choice and link fits. A picture is dropped when there are words beside it.
    """
    answers = [*message.buttons, *(button for card in message.cards for button in card.buttons)]
    cards = [" · ".join(filter(None, (card.title, card.subtitle))) for card in message.cards]
    words = "\n".join(filter(None, (message.text, *cards)))
    choices = "\n\n".join(filter(None, (_links(answers), _numbers(answers))))
    if limits is not None and choices:
        room = limits.text - measure(choices, limits.text_unit) - 2
        words = clip(words, max(room, 0), limits.text_unit)
    text = "\n\n".join(filter(None, (words, choices))) or (message.image_url or "")
    return Message(text=text)


def _numbers(buttons: Iterable[Button]) -> str:
    return numbered(button.label for button in buttons if not button.url)


def _links(buttons: Iterable[Button]) -> str:
    return "\n".join(
        f"{button.label}: {button.url}" for button in buttons if button.url is not None
    )
