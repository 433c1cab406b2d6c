"""Korean addresses: road names and lots, provinces by any name, the detail kept as typed."""

from __future__ import annotations

import re

from app.core.addresses import Address
from app.core.postal_data import KR_ALIASES, KR_REGIONS
from app.core.postal_text import cut, is_korean_name, person_name, untitled

POSTCODE = re.compile(r"(?<!\d)(?:\(?우?\)?\s*)?(\d{5})(?!\d)")
_ROAD = re.compile(
    r"(?P<road>[가-힣A-Za-z0-9·.]+?(?:대로|로|길)(?:\s?\d+(?:번|가)?(?:번)?길)?)\s*"
    r"(?P<number>(?:지하\s*)?\d{1,5}(?:-\d{1,4})?)(?![\d가-힣A-Za-z]*(?:길|로))(?:번지)?"
)
_LOT = re.compile(
    r"(?P<road>[가-힣]+\d*(?:동|가|리|읍|면))\s*(?P<number>산?\s?\d{1,4}(?:-\d{1,4})?)"
    r"(?:번지)?(?![\d동호층])"
)
_CITY = re.compile(r"^[가-힣]{1,6}(?:시|군|구)$")
_TOWN = re.compile(r"^[가-힣0-9]+(?:읍|면|동|리)$")
# Written without blanks: 서울강남구테헤란로152.
_GLUED_CITY = re.compile(r"([가-힣]{1,4}?(?:시|군|구))(?=[가-힣]{2,}(?:로|길|동|구)\s?\d*)")
_DETAIL = re.compile(
    r"(?:\d|층|호|빌딩|타워|아파트|오피스텔|빌라|센터|상가|지하|주택|자이|푸르지오|래미안"
    r"|힐스|아지트|폴리스)"
)


def read(text: str) -> dict[str, str]:
    """The fields of an address in a cleaned text; no `line1` when there is no street in it."""
    postcode, text = cut(POSTCODE, _spaced(text))
    match = _ROAD.search(text) or _LOT.search(text)
    if match is None:
        return {"name": "", "line1": "", "postcode": postcode}
    after = text[match.end() :]
    region, city, town, rest = _place(text[: match.start()])
    if not region and any(x in KR_ALIASES for x in re.split(r"[\s,]+", after)):
        # Written the other way round: 테헤란로 152, 서울 강남구.
        region, city, town, behind = _place(after)
        after = " ".join(behind)
    street = f"{match['road'].strip()} {match['number'].replace(' ', '')}"
    front = person_name(" ".join(rest))
    detail, name = _tail(after, named=bool(front))
    return {
        "name": front or name,
        "postcode": postcode,
        "region": region,
        "city": city,
        "line1": " ".join([*town, street]),
        "line2": detail,
    }


def region_named(text: str) -> str:
    """The province of that name, as it is called today, or nothing."""
    return KR_ALIASES.get(text.strip(), "")


def check(address: Address) -> list[str]:
    """What is missing or wrong for Korea. A postcode is welcome and not needed."""
    wrong = []
    if address.region and address.region not in KR_REGIONS:
        wrong.append("bad-region")
    if not (address.region or address.city):
        wrong.append("region")
    if address.postcode and not re.fullmatch(r"\d{5}", address.postcode):
        wrong.append("bad-postcode")
    return wrong


def _spaced(text: str) -> str:
    """Puts blanks between province, city and street where none were typed."""
    spaced = []
    for token in text.split():
        alias = max((x for x in KR_ALIASES if token.startswith(x)), key=len, default="")
        rest = token[len(alias) :]
        if alias and _GLUED_CITY.match(rest):
            token = f"{alias} " + _GLUED_CITY.sub(r"\1 ", rest)
        spaced.append(token)
    return " ".join(spaced)


def _place(before: str) -> tuple[str, str, list[str], list[str]]:
    """Province, city (with district), town, and what is none of them (a name)."""
    region = ""
    city: list[str] = []
    town: list[str] = []
    rest: list[str] = []
    for token in re.split(r"[\s,]+", before):
        if KR_ALIASES.get(token) and not region:
            region = KR_ALIASES[token]
        elif _CITY.match(token) and (region or len(token) > 2 or city):
            city.append(token)
        elif _TOWN.match(token) and (region or city):
            town.append(token)
        elif token:
            rest.append(token)
    return region, " ".join(city), town, rest


def _tail(after: str, *, named: bool) -> tuple[str, str]:
    """The detail (building, floor, flat), and a name behind the street if none stood before it."""
    detail: list[str] = []
    name = ""
    parts = [x for x in re.split(r"\s*,\s*", after) if x.strip(" ()")]
    tokens = [y for x in parts for y in re.findall(r"\([^)]*\)|[^\s()]+", x)]
    tokens = [x for x in tokens if x not in {"님", "씨", "로", "으로"}]
    for at, token in enumerate(tokens):
        # The last word that could be a name is one; `카카오 아지트` before it is a building.
        last = not any(_is_name(x) for x in tokens[at + 1 :])
        if not named and not name and last and _is_name(token) and not _is_town(tokens, at):
            name = untitled(token)
        else:
            detail.append(token)
    return " ".join(detail).strip(" ,"), name


def _is_town(tokens: list[str], at: int) -> bool:
    """역삼동 is a part of town; 홍길동 behind one, or with a title, is a person."""
    if not tokens[at].endswith("동"):
        return False
    return not any(x.strip("()").endswith("동") for x in tokens[:at])


def _is_name(token: str) -> bool:
    bare = untitled(token)
    return is_korean_name(bare) and len(bare) <= 4 and not _DETAIL.search(bare)
