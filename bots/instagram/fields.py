"""Reads one JSON object of Meta's as tolerantly as its history demands.

Ids come as text or number, times in seconds, milliseconds or numeric text, flags may be missing.
Whatever is asked for is remembered, so that the rest can be named: a field nobody asked for is
one that Meta has added.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.core.clock import EPOCH
from app.edge.codec import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

# A message id of Instagram's has about 180 characters. Keys are indexed, so they must be short.
_ID = re.compile(r"[!-~]{1,512}")
# From here on a number is milliseconds: as seconds it would be the year 5138.
_MILLISECONDS = 10**11
_NUMBER = re.compile(r"[0-9]{1,16}")


class Fields:
    """A JSON object; every getter gives an empty value for a missing or null member.

    Raises `Malformed` when a member is of a type that it cannot stand for.
    """

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, dict):
            raise Malformed(f"{path or 'the item'} is not an object")
        self._value: dict[str, object] = value
        self._path = path
        self._known: set[str] = set()
        self._parts: dict[str, Fields] = {}

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        self._known.add(name)
        return self._value.get(name) is not None

    def knows(self, *names: str) -> None:
        """These are known, though nothing is done with them."""
        self._known.update(names)

    def text(self, name: str) -> str:
        value = self._get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise Malformed(f"{self._at(name)} is not text")

    def id(self, name: str) -> str:
        value = self.text(name)
        if value and not _ID.fullmatch(value):
            raise Malformed(f"{self._at(name)} is not an id")
        return value

    def flag(self, name: str) -> bool:
        return self._get(name) in (True, "true", 1, "1")

    def time(self, name: str) -> datetime | None:
        """The moment, in UTC; nothing when it is missing or makes no sense."""
        return moment(self._get(name))

    def part(self, name: str) -> Fields:
        value = self._get(name)
        return self._inner({} if value is None else value, name, name)

    def parts(self, name: str) -> list[Fields]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Malformed(f"{self._at(name)} is not a list")
        return [self._inner(one, name, f"{name}[{at}]") for at, one in enumerate(value)]

    def names(self) -> Iterator[str]:
        """The names of all members, in the order they came."""
        return iter(self._value)

    def unread(self) -> Iterator[str]:
        """The dotted names of members that nobody asked for, at any depth."""
        yield from (self._at(name) for name in self._value if name not in self._known)
        for part in self._parts.values():
            yield from part.unread()

    def _get(self, name: str) -> object:
        self._known.add(name)
        return self._value.get(name)

    def _inner(self, value: object, name: str, place: str) -> Fields:
        # The same object each time, so that it remembers all that was asked of it.
        if place not in self._parts:
            self._parts[place] = Fields(value, self._at(name))
        return self._parts[place]

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


def moment(value: object) -> datetime | None:
    """A time of Meta's: a number or numeric text, in seconds or milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    milliseconds = number if number >= _MILLISECONDS else number * 1000
    if not 0 < milliseconds < _MILLISECONDS * 100:
        return None
    return EPOCH + timedelta(milliseconds=milliseconds)
