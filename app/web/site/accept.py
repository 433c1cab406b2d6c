"""Which of our languages a browser would rather read."""

from __future__ import annotations

LANGUAGES = ("ko", "en")


def accepted(header: str, fallback: str = "en") -> str:
    """The first of our languages in an `Accept-Language` header, by its weights."""
    best, chosen = 0.0, fallback if fallback in LANGUAGES else "en"
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.split("-")[0].strip().lower()
        value = _weight(weight)
        if language in LANGUAGES and value > best:
            best, chosen = value, language
    return chosen


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
