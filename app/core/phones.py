"""Telephone numbers: found in a text, kept as E.164 (`+821023456789`)."""

from __future__ import annotations

import msgspec
import phonenumbers


class Phone(msgspec.Struct, frozen=True):
    """A number in a text: E.164, its country (ISO 3166-1 alpha-2), and where it stands."""

    e164: str
    region: str
    start: int
    end: int


def parse(text: str, region: str) -> str | None:
    """The E.164 form of a text that is a number and nothing else, or None."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def find(text: str, region: str) -> list[Phone]:
    """The telephone numbers in a text, read as somebody in that country writes them.

    A number written with dots or without any sign is found as well. A Korean postcode or a house
    number is never taken for one: it would be too short.
    """
    matcher = phonenumbers.PhoneNumberMatcher(
        text, region, leniency=phonenumbers.Leniency.VALID, max_tries=200
    )
    found = []
    for match in matcher:
        number = match.number
        found.append(
            Phone(
                phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
                phonenumbers.region_code_for_number(number) or region,
                match.start,
                match.end,
            )
        )
    return found


def region_of(e164: str) -> str:
    """The country of an E.164 number, or nothing when it has none."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(number) or ""


def national(e164: str) -> str:
    """As people of its country write it: `010-2345-6789`. What is no number stays as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def is_mobile(e164: str) -> bool:
    """Can this number take a text message? Where a plan does not tell, yes."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
