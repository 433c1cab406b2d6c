"""Japanese addresses: 〒, prefecture, city, block; the building kept as typed."""

from __future__ import annotations

import re

from app.core.addresses import Address
from app.core.postal_data import JP_PREFECTURES
from app.core.postal_text import cut, person_name, tidy, untitled

MARK = re.compile(r"〒|[ぁ-んァ-ヶ]")
POSTCODE = re.compile(r"〒?\s*(?<!\d)(\d{3}-?\d{4})(?![\d-])")
_CITY = re.compile(r"^(?:.+?郡.+?[町村]|.+?市.+?区(?=.)|.+?[市区町村])")
_BLOCK = re.compile(r"\d+(?:丁目|番地?|号|-|ー|の|\s)*(?:\d+(?:丁目|番地?|号|-|の)*)*")
_NAME = re.compile(r"[一-龥々ぁ-んァ-ヶー]{2,8}")
_GIVEN = re.compile(r"[一-龥々ぁ-んァ-ヶー]{1,6}")
_BUILDING = re.compile(r"(?:ビル|マンション|荘|ハイツ|タワー|階|号室|コーポ|レジデンス)")


def read(text: str) -> dict[str, str]:
    """The fields of an address in a cleaned text; no `line1` when there is no block in it."""
    postcode, text = cut(POSTCODE, text)
    if postcode and "-" not in postcode:
        postcode = f"{postcode[:3]}-{postcode[3:]}"
    region = region_named(text)
    before, _, body = text.partition(region) if region else ("", "", text)
    body = body.strip(" ,")
    found = _CITY.match(body)
    city = found[0] if found else ""
    rest = body[len(city) :].strip(" ,")
    block = _BLOCK.search(rest)
    if block is None:
        return {"name": "", "line1": "", "postcode": postcode, "region": region, "city": city}
    detail, name = _tail(rest[block.end() :])
    return {
        "name": person_name(tidy(before)) or name,
        "postcode": postcode,
        "region": region,
        "city": city,
        "line1": rest[: block.end()].strip(" ,"),
        "line2": detail,
    }


def region_named(text: str) -> str:
    """The prefecture that stands in a text, or nothing."""
    return next((x for x in JP_PREFECTURES if x in text), "")


def check(address: Address) -> list[str]:
    """What is missing or wrong for Japan."""
    wrong = []
    if address.region not in JP_PREFECTURES:
        wrong.append("bad-region" if address.region else "region")
    if not address.city:
        wrong.append("city")
    if not address.postcode:
        wrong.append("postcode")
    elif not re.fullmatch(r"\d{3}-?\d{4}", address.postcode):
        wrong.append("bad-postcode")
    return wrong


def _tail(after: str) -> tuple[str, str]:
    """The building and a name behind the block."""
    detail: list[str] = []
    names: list[str] = []
    for token in re.split(r"[\s,]+", after.strip(" ,")):
        bare = untitled(token)
        family = not names and _NAME.fullmatch(bare) and not _BUILDING.search(bare)
        given = len(names) == 1 and _GIVEN.fullmatch(bare)
        if family or given:
            names.append(bare)
        elif token:
            detail.append(token)
    return " ".join(detail), " ".join(names)
