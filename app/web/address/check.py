"""From what was typed to an address, or to what is wrong with which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import msgspec

from app.core import phones, postal
from app.core.addresses import Address
from app.core.postal_data import KR_ALIASES, US_STATES
from app.web.address.fields import EMAIL, fields_of

_EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;.]+(\.[^@\s<>\"',;.]+)+")


class Checked(msgspec.Struct, frozen=True):
    """The form after checking. `errors` names for each wrong field what to say beside it."""

    address: Address
    email: str | None
    errors: dict[str, str]


def tidy(text: str) -> str:
    """What a person meant to type: nothing invisible, single blanks, full-width signs folded."""
    folded = unicodedata.normalize("NFKC", text[:1000])
    kept = (" " if x.isspace() else x for x in folded)
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn"}
    return " ".join("".join(x for x in kept if unicodedata.category(x) not in hidden).split())


def check(form: Mapping[str, str], country: str) -> Checked:
    """Reads the fields of that country's form."""
    typed = {field.name: tidy(form.get(field.name, "")) for field in fields_of(country)}
    errors = {
        field.name: "too-long"
        for field in fields_of(country)
        if len(typed[field.name]) > field.longest
    }
    phone = phones.parse(typed["phone"], country) if typed["phone"] else ""
    address = Address(
        name=typed["name"],
        country=country,
        line1=typed["line1"],
        phone=phone or "",
        postcode=_postcode(typed["postcode"], country),
        region=_region(typed["region"], country),
        city=typed["city"],
        line2=typed["line2"],
    )
    if phone is None:
        errors.setdefault("phone", "bad-phone")
    for code in postal.check(address):
        errors.setdefault(code.removeprefix("bad-"), _said(code))
    for field in fields_of(country):
        if field.required and not typed[field.name]:
            errors.setdefault(field.name, f"missing-{field.name}")
    email = typed[EMAIL.name]
    if email and not _EMAIL.fullmatch(email):
        errors.setdefault(EMAIL.name, "bad-email")
    return Checked(address, email or None, errors)


def _said(code: str) -> str:
    return code if code.startswith("bad-") else f"missing-{code}"


def _postcode(text: str, country: str) -> str:
    found = text.removeprefix("〒").strip()
    if country == "JP" and re.fullmatch(r"\d{7}", found):
        return f"{found[:3]}-{found[3:]}"
    return found


def _region(text: str, country: str) -> str:
    if country == "US":
        return US_STATES.get(text.casefold(), text)
    return KR_ALIASES.get(text, text) if country == "KR" else text
