"""The one money type: whole minor units of a currency, never floats."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import msgspec
from babel.numbers import format_currency, get_currency_precision

from app.core.errors import Rejected


class Money(msgspec.Struct, frozen=True):
    """An amount in minor units (won, cents) of an ISO 4217 currency."""

    amount: int
    currency: str

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise Rejected(
                f"{other.currency} cannot be reckoned with {self.currency}.", code="currency"
            )

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

    def written(self, locale: str) -> str:
        """As a person of that locale writes it: `₩18,000`, `$12.50`."""
        exponent = minor_digits(self.currency)
        return format_currency(
            Decimal(self.amount).scaleb(-exponent), self.currency, locale=locale or "en"
        )


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """How many digits the minor unit has (ISO 4217): 0 for KRW and JPY, 2 for USD."""
    return get_currency_precision(currency)
