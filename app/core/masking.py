"""What may be shown in a chat or a log in place of a name, a number, an address or an e-mail."""

from __future__ import annotations

import re

from app.core.addresses import Address
from app.core.phones import national, region_of

_HOUSE_LAST = re.compile(r"\d+(?:-\d+)*$")
_HOUSE_FIRST = re.compile(r"^\d+(?:-\d+)*")
_SHORT_REGION = (
    ("특별자치도", ""),
    ("특별자치시", ""),
    ("특별시", ""),
    ("광역시", ""),
)


def mask_name(name: str) -> str:
    """`김*나`, `김*`, `남**수`, `M*** K**`: the ends of a Korean name, the initials of others."""
    return " ".join(_mask_word(x) for x in name.split())


def _mask_word(word: str) -> str:
    if word.isascii() or len(word) == 1:
        return word[:1] + "*" * (len(word) - 1)
    if len(word) == 2:
        return word[0] + "*"
    return word[0] + "*" * (len(word) - 2) + word[-1]


def mask_phone(e164: str) -> str:
    """`010-****-6789`: the first and the last group stay; abroad only the last four digits."""
    if not e164:
        return ""
    shown = national(e164)
    groups = re.split(r"[^\d]+", shown)
    if region_of(e164) in {"KR", "JP"} and len(groups) == 3:
        return f"{groups[0]}-{'*' * len(groups[1])}-{groups[2]}"
    digits = [x for x in shown if x.isdigit()]
    hidden = max(0, len(digits) - 4)
    seen = 0
    out = []
    for letter in shown:
        if letter.isdigit():
            seen += 1
            out.append("*" if seen <= hidden else letter)
        else:
            out.append(letter)
    return "".join(out)


def mask_email(email: str) -> str:
    """`m***@example.com`."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


def mask_numbers(line: str) -> str:
    """`테헤란로 1**`: of the house number the first digit stays, so that its owner knows it again.

    The number stands at the end in Korea and Japan and at the start elsewhere; digits in a road's
    name (`강남대로94길`) are no secret.
    """
    masked = _HOUSE_LAST.sub(_mask_house, line)
    return masked if masked != line else _HOUSE_FIRST.sub(_mask_house, line)


def _mask_house(match: re.Match[str]) -> str:
    number = match[0]
    first = number[0] if len(number) > 1 else "*"
    return first + "".join("*" if x.isdigit() else x for x in number[1:])


def short_region(region: str) -> str:
    """`서울` for 서울특별시: a label is for recognising, not for the post."""
    for long, short in _SHORT_REGION:
        if region.endswith(long):
            return region.removesuffix(long) + short
    return region


def mask_address(address: Address) -> str:
    """`김*나, 06236 서울 강남구 테헤란로 1**, 010-****-6789`; floor and flat are left out."""
    street = mask_numbers(address.line1)
    if address.country in {"KR", "JP"}:
        parts = [address.postcode, short_region(address.region), address.city, street]
        place = " ".join(x for x in parts if x)
    else:
        tail = " ".join(x for x in (address.region, address.postcode) if x)
        place = ", ".join(x for x in (street, address.city, tail) if x)
    shown = (mask_name(address.name), place, mask_phone(address.phone))
    return ", ".join(x for x in shown if x)
