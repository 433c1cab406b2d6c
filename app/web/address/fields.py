"""What the form asks for in each country, in the order in which people there write it."""

from __future__ import annotations

import msgspec

from app.core.postal import COUNTRIES
from app.core.postal_data import JP_PREFECTURES, KR_ALIASES, US_STATES
from app.web.site.words import PageWords


class Field(msgspec.Struct, frozen=True):
    """One input. `options` (value, label) make it a list to choose from."""

    name: str
    autocomplete: str
    kind: str = "text"
    inputmode: str = "text"
    required: bool = True
    longest: int = 100
    options: tuple[tuple[str, str], ...] = ()
    capitals: str = "off"


def _regions(country: str) -> tuple[tuple[str, str], ...]:
    if country == "US":
        names = {code: name for name, code in US_STATES.items() if len(name) > 2}
        return tuple((code, name.title()) for code, name in names.items())
    if country == "JP":
        return tuple((name, name) for name in JP_PREFECTURES)
    return tuple((name, name) for name in dict.fromkeys(KR_ALIASES.values()))


NAME = Field("name", "name", longest=60, capitals="words")
PHONE = Field("phone", "tel", kind="tel", inputmode="tel", longest=30)
EMAIL = Field("email", "email", kind="email", inputmode="email", required=False, longest=190)
LINE1 = Field("line1", "address-line1", longest=120)
LINE2 = Field("line2", "address-line2", required=False, longest=120)
CITY = Field("city", "address-level2", longest=60)


def fields_of(country: str) -> tuple[Field, ...]:
    """The inputs of that country's form."""
    digits = "numeric" if country != "US" else "text"
    postcode = Field("postcode", "postal-code", inputmode=digits, longest=12)
    region = Field("region", "address-level1", options=_regions(country))
    if country == "US":
        return (NAME, PHONE, LINE1, LINE2, CITY, region, postcode, EMAIL)
    return (NAME, PHONE, postcode, region, CITY, LINE1, LINE2, EMAIL)


def label_of(words: PageWords, field: Field, country: str) -> str:
    """What the input is called there."""
    own = f"address.{field.name}-{country}"
    return words(own if words.has(own) else f"address.{field.name}")


def country_in(given: str, fallback: str) -> str:
    """A country whose form we have: the one asked for, else the shop's."""
    if given in COUNTRIES:
        return given
    return fallback if fallback in COUNTRIES else next(iter(COUNTRIES))
