"""Masks what a log must not hold: tokens, phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping

MASK = "•••"

# Names under which a value is secret whatever it looks like.
_SECRET_NAMES = re.compile(
    r"authorization|cookie|password|secret|token|api[-_]?key|signature|signed_request",
    re.IGNORECASE,
)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Authorization headers, wherever they were quoted.
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    # name=value and "name": "value", with the value up to the next separator.
    (
        re.compile(
            r"(?P<name>(?<![\w.-])[\w.-]*(?:token|secret|password|api[-_]?key|appsecret_proof)[\w.-]*"
            r"[\"']?\s*[=:]\s*[\"']?)(?P<value>[^\s\"'&,;}]+)",
            re.IGNORECASE,
        ),
        rf"\g<name>{MASK}",
    ),
    (re.compile(r"\b(sha256=)[0-9a-f]{16,}", re.IGNORECASE), rf"\1{MASK}"),
    # Meta's tokens are known by their first letters.
    (re.compile(r"\b(EAA|IGA|IGQ)[A-Za-z0-9_-]{16,}"), rf"\1{MASK}"),
    # m•••@example.com still tells two people of one company apart from two companies.
    (re.compile(r"(?<![\w.%+-])([\w%+-])[\w.%+-]*@([\w-]+(?:\.[\w-]+)+)"), rf"\1{MASK}@\2"),
    # The last four digits are what a person reads out to be found. Ids of platforms are longer.
    (re.compile(r"(?<![\w.+])\+\d[\d .()-]{5,16}(\d{4})(?!\d)"), rf"{MASK}\1"),
    (re.compile(r"(?<![\w.+-])0\d{1,3}[ .-]?\d{3,4}[ .-]?(\d{4})(?![\d-])"), rf"{MASK}\1"),
)


def redact_text(text: str) -> str:
    """The text with everything masked that looks secret or personal."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def redact(value: object) -> object:
    """A copy that may be logged: text masked, members with telling names masked whole."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes):
        return redact_text(value.decode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return {
            name: MASK if part and _SECRET_NAMES.search(str(name)) else redact(part)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(part) for part in value]
    return value
