"""The one JSON codec: what we write, what we hash, and what strangers send us.

`decode` is strict and for our own documents. `split_object`, `split_array` and `decode_lenient` are
for bodies of platforms: they cut a batch into raw pieces first, so that a piece which cannot be
read never takes its neighbours with it.
"""

from __future__ import annotations

import hashlib
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import msgspec

from app.edge.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

Decoded = TypeVar("Decoded")

_ENCODER = msgspec.json.Encoder()
_CANONICAL = msgspec.json.Encoder(order="deterministic")
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])

# Strings as a whole, so that a bracket or comma within one is never seen. Linear: no nested choice.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},:]', re.DOTALL)
# Looking through more by hand would hold up every other request of the process.
MOST_TOKENS = 300_000
_DEPTH = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}

# What hostile text may make a reader raise. Deep nesting is a RecursionError, a number of five
# thousand digits a ValueError.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
)


class Malformed(ValueError):
    """These bytes are not the JSON they should be."""


def encode(value: object) -> bytes:
    """Compact UTF-8 JSON; structs, datetimes and sets are written as msgspec writes them."""
    return _ENCODER.encode(value)


def canonical(value: object) -> bytes:
    """The same bytes for the same value, whatever order its keys came in: for hashing."""
    return _CANONICAL.encode(value)


def decode(raw: bytes | str, kind: type[Decoded]) -> Decoded:
    """Strictly typed. Raises `msgspec.MsgspecError`."""
    return msgspec.json.decode(raw, type=kind)


def digest(raw: bytes) -> str:
    """SHA-256 in lower case hex: the name of something that has no other."""
    return hashlib.sha256(raw).hexdigest()


def decode_lenient(raw: bytes) -> object:
    """A value as a stranger wrote it, with half surrogate pairs and NUL taken out of its text.

    Such text is what a platform makes when it cuts a comment within an emoji; neither a database
    nor UTF-8 takes it. Raises one of `UNREADABLE`.
    """
    try:
        value: object = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # The standard reader takes what the fast one refuses: lone surrogates, numbers like 1e999.
        value = json.loads(raw.decode("utf-8", "replace"))
    return _cleaned(value)


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {clean(str(name)): _cleaned(part) for name, part in value.items()}
    return value


def split_object(raw: bytes) -> dict[str, bytes]:
    """The members of an object, still raw. A later member of the same name wins, as in JSON.

    Raises `Malformed` when the outermost object itself cannot be made out.
    """
    try:
        return {clean(name): bytes(part) for name, part in _OBJECT.decode(raw).items()}
    except UNREADABLE:
        return dict(_member(part) for part in _pieces(raw, b"{", b"}"))


def split_array(raw: bytes) -> list[bytes]:
    """The elements of an array, still raw. Raises `Malformed` when there is no such array."""
    try:
        return [bytes(part) for part in _ARRAY.decode(raw)]
    except UNREADABLE:
        return list(_pieces(raw, b"[", b"]"))


def _pieces(raw: bytes, opens: bytes, closes: bytes) -> Iterator[bytes]:
    """What stands between the outermost commas, found without recursion at any depth."""
    text = raw.strip()
    if not (text.startswith(opens) and text.endswith(closes)):
        raise Malformed("this is not a list" if opens == b"[" else "this is not an object")
    depth, start = 0, 1
    for token in islice(_TOKENS.finditer(text), MOST_TOKENS):
        depth += _DEPTH.get(token.group(), 0)
        if depth == 0 and token.end() != len(text):
            raise Malformed("something follows the end")
        if depth == 1 and token.group() == b",":
            yield text[start : token.start()].strip()
            start = token.end()
    if depth != 0:
        raise Malformed("brackets do not match, or too much stands between them")
    if last := text[start:-1].strip():
        yield last


def _member(piece: bytes) -> tuple[str, bytes]:
    name = _TOKENS.match(piece)
    if name is None:
        raise Malformed("a member has no name")
    colon, value = piece[name.end() :].lstrip()[:1], piece[name.end() :].lstrip()[1:].strip()
    if colon != b":" or not value:
        raise Malformed("a member has no value")
    return str(decode_lenient(name.group())), value
