"""Addresses of the United States: street, unit, city, state, ZIP."""

from __future__ import annotations

import re

from app.core.addresses import Address
from app.core.postal_data import US_STATES
from app.core.postal_text import person_name, tidy

_CODES = frozenset(US_STATES.values())
_NAMES = "|".join(sorted((re.escape(x) for x in US_STATES), key=len, reverse=True))
TAIL = re.compile(
    rf"[,\s]+(?P<state>{_NAMES})\.?[,\s]+(?P<zip>\d{{5}}(?:-\d{{4}})?)(?!\d)"
    r"(?:[,\s]+(?:USA|US|United States))?",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"(?<!\d)(\d{5}(?:-\d{4})?)(?!\d)")
_STREET = re.compile(
    r"(?<![\w-])(?:\d{1,6}[A-Za-z]?\s+(?=[A-Za-z0-9])|P\.?\s?O\.?\s?Box\s+\d+|(?:RR|HC)\s+\d+)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[,\s]+((?:(?:apt|apartment|unit|ste|suite|fl|floor|rm|room)\b\.?|#)\s*#?\s*[\w-]+)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"\b(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|way|parkway|pkwy"
    r"|place|pl|square|sq|loop|circle|cir|terrace|ter|highway|hwy|broadway|trail|trl|box \d+)\b\.?",
    re.IGNORECASE,
)
# What a street cannot do without when nothing behind it says that this is an address.
_BARE = re.compile(rf"^\d+[A-Za-z]?\s+.*{_SUFFIX.pattern}|^P\.?\s?O\.?\s?Box", re.IGNORECASE)


def read(text: str) -> dict[str, str]:
    """The fields of an address in a cleaned text; no `line1` when there is no street in it."""
    start = _STREET.search(text)
    if start is None:
        return {"name": "", "line1": ""}
    before, body = text[: start.start()], text[start.start() :]
    tail = TAIL.search(body)
    if tail is None:
        return _without_tail(before, body)
    unit, body_street = _cut_unit(body[: tail.start()])
    street, city = _split_city(body_street)
    return {
        "name": person_name(tidy(before)) or person_name(tidy(body[tail.end() :])),
        "line1": tidy(street),
        "line2": unit,
        "city": tidy(city),
        "region": US_STATES[tail["state"].casefold()],
        "postcode": tail["zip"],
    }


def region_named(text: str) -> str:
    """The code of the state of that name, or nothing."""
    return US_STATES.get(text.strip().casefold().rstrip("."), "")


def check(address: Address) -> list[str]:
    """What is missing or wrong for the United States."""
    wrong = []
    if not address.city:
        wrong.append("city")
    if not address.region:
        wrong.append("region")
    elif address.region not in _CODES:
        wrong.append("bad-region")
    if not address.postcode:
        wrong.append("postcode")
    elif not re.fullmatch(r"\d{5}(?:-\d{4})?", address.postcode):
        wrong.append("bad-postcode")
    return wrong


def _without_tail(before: str, body: str) -> dict[str, str]:
    """Only a street so far: the rest is asked for."""
    if not _BARE.search(body):
        return {"name": "", "line1": ""}
    unit, street = _cut_unit(body)
    street, _, rest = street.partition(",")
    place = [x.strip() for x in rest.split(",") if x.strip()]
    # The state stands last: in `New York, NY` the first is the city.
    region = region_named(place[-1]) if place else ""
    cities = place[:-1] if region else place
    city = next((x for x in cities if not re.search(r"\d", x)), "")
    return {
        "name": person_name(tidy(before)),
        "line1": tidy(street),
        "line2": unit,
        "city": city,
        "region": region,
    }


def _cut_unit(street: str) -> tuple[str, str]:
    unit = _UNIT.search(street)
    if unit is None:
        return "", street
    return tidy(unit[1]), street[: unit.start()] + "," + street[unit.end() :]


def _split_city(street: str) -> tuple[str, str]:
    """Street and city: parted by the last comma, else behind the street's own suffix."""
    street = street.rstrip(" ,")
    if "," in street:
        left, _, right = street.rpartition(",")
        return left, right
    suffixes = list(_SUFFIX.finditer(street))
    if not suffixes:
        return street, ""
    cut = suffixes[-1].end()
    return street[:cut], street[cut:]
