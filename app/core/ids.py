"""The one maker of ids and the one source of chance, passed in so that a run can be replayed."""

from __future__ import annotations

import random
import secrets
from datetime import datetime
from typing import Protocol

from app.core.clock import EPOCH

# Crockford's base 32: no I, L, O or U, so that an id can be read out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Chance(Protocol):
    """A source of random bits."""

    def bits(self, count: int) -> int:
        """A uniformly random integer of at most `count` bits."""
        ...


class SystemChance:
    """Random bits of the operating system: unguessable."""

    def bits(self, count: int) -> int:
        return secrets.randbits(count)


class SeededChance:
    """The same bits for the same seed: for tests and the simulator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def bits(self, count: int) -> int:
        return self._random.getrandbits(count)


def _encode(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits))


class Ids:
    """Makes ids: a prefix that says what it is, then time in milliseconds, then 80 random bits."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance

    def new(self, prefix: str, now: datetime) -> str:
        """A new id such as `ord_01JD…`; ids of one prefix sort by time."""
        milliseconds = int((now - EPOCH).total_seconds() * 1000)
        return f"{prefix}_{_encode(milliseconds, 10)}{_encode(self.chance.bits(80), 16)}"

    def token(self, bits: int = 60) -> str:
        """A short unguessable word for links and buttons."""
        return _encode(self.chance.bits(bits), -(-bits // 5))

    def secret(self) -> str:
        """256 random bits in base 32, for keys shown once."""
        return self.token(256)
