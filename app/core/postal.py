"""Addresses from one line of free text, for Korea, the United States and Japan.

What is read is a candidate: it is shown back before anything is paid. Missing pieces have codes
(`line1`, `city`, `region`, `postcode`, `name`, `phone`); wrong ones are `bad-postcode`,
`bad-region` and `bad-phone`. Patterns only: no street register is kept here.
"""

from __future__ import annotations

import re

import msgspec

from app.core import phones, postal_jp, postal_kr, postal_us
from app.core.addresses import Address
from app.core.postal_text import clean, cut_email, cut_phone, person_name

COUNTRIES = {"KR": postal_kr, "US": postal_us, "JP": postal_jp}
_HANGUL = re.compile(r"[가-힣]")


class Parsed(msgspec.Struct, frozen=True):
    """An address as far as it was understood, and the codes of what is missing or wrong."""

    address: Address
    missing: tuple[str, ...]
    email: str | None = None

    @property
    def street(self) -> bool:
        """Was a street or a lot found at all? Without one the text was no address."""
        return bool(self.address.line1)


def parse(text: str, country: str) -> Parsed:
    """Reads one message. `country` (ISO 3166-1) is the shop's; the text may say otherwise."""
    cleaned = clean(text)
    country = guess_country(cleaned, country)
    email, cleaned = cut_email(cleaned)
    phone, cleaned = cut_phone(cleaned, country)
    address = Address(country=country, phone=phone, **COUNTRIES[country].read(cleaned))
    return Parsed(address, check(address), email)


def guess_country(text: str, default: str) -> str:
    """Whose address this is: by its script, its postcode or its province."""
    if postal_jp.MARK.search(text) or postal_jp.region_named(text):
        return "JP"
    if _HANGUL.search(text):
        return "KR"
    if postal_us.TAIL.search(text):
        return "US"
    return default if default in COUNTRIES else "US"


def check(address: Address) -> tuple[str, ...]:
    """What keeps an address from being used: the codes, in the order in which to ask for them.

    Of a country without rules of its own only street, name and phone are asked.
    """
    wrong = [] if address.line1.strip() else ["line1"]
    if address.country in COUNTRIES:
        wrong += COUNTRIES[address.country].check(address)
    if not address.name.strip():
        wrong.append("name")
    if not address.phone:
        wrong.append("phone")
    elif phones.parse(address.phone, address.country) is None:
        wrong.append("bad-phone")
    return tuple(wrong)


def fill(address: Address, code: str, text: str) -> Address:
    """The address with the piece named by `code` taken from an answer, or as it was."""
    cleaned = clean(text)
    again = parse(text, address.country)
    if again.street:
        return _over(address, again.address)
    return msgspec.structs.replace(address, **_piece(address, code.removeprefix("bad-"), cleaned))


def _over(address: Address, again: Address) -> Address:
    """A whole address typed anew; who it is for stays known."""
    return msgspec.structs.replace(
        again, name=again.name or address.name, phone=again.phone or address.phone
    )


def _piece(address: Address, piece: str, text: str) -> dict[str, str]:
    country = COUNTRIES.get(address.country, postal_us)
    found = ""
    if piece == "phone":
        numbers = phones.find(text, address.country)
        found = numbers[0].e164 if numbers else ""
    elif piece == "postcode":
        match = country.POSTCODE.search(text)
        found = match[1] if match else ""
    elif piece == "region":
        found = country.region_named(text)
    elif piece == "name":
        found = person_name(text)
    elif piece == "city" and len(text) <= 40 and not re.search(r"\d", text):
        found = text
    return {piece: found} if found else {}
