"""Addresses from one line of free text, for Korea, the United States and Japan.

What is read is a candidate: it is shown back before anything is paid. Missing pieces have codes
(`name`, `phone`, `line1`, `city`, `region`, `postcode`); wrong ones are `bad-postcode`,
`bad-region` and `bad-phone`. Patterns only: no street register is kept here.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from app.core import phones
from app.core.addresses import Address
from app.core.postal_data import JP_PREFECTURES, KR_ALIASES, KR_REGIONS, US_STATES

COUNTRIES = ("KR", "US", "JP")


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
    """Reads one message. `country` is where the shop is; the text may say otherwise."""
    cleaned = _clean(text)
    country = guess_country(cleaned, country)
    email, cleaned = _cut_email(cleaned)
    phone, cleaned = _cut_phone(cleaned, country)
    read = {"US": _us, "JP": _jp}.get(country, _kr)
    fields = read(cleaned)
    address = Address(country=country if country in COUNTRIES else "KR", phone=phone, **fields)
    return Parsed(address, check(address), email)


def guess_country(text: str, default: str) -> str:
    """Whose address this is: by its script, its postcode or its province."""
    cleaned = _clean(text)
    if _JP_MARK.search(cleaned) or any(x in cleaned for x in JP_PREFECTURES):
        return "JP"
    if re.search(r"[가-힣]", cleaned):
        return "KR"
    if _US_TAIL.search(cleaned):
        return "US"
    return default if default in COUNTRIES else "US"


def check(address: Address) -> tuple[str, ...]:
    """What keeps an address from being used: the codes, in the order in which to ask for them."""
    wrong = []
    if not address.line1.strip():
        wrong.append("line1")
    wrong += {"US": _check_us, "JP": _check_jp}.get(address.country, _check_kr)(address)
    if not address.name.strip():
        wrong.append("name")
    if not address.phone:
        wrong.append("phone")
    elif phones.parse(address.phone, address.country) is None:
        wrong.append("bad-phone")
    return tuple(wrong)


def fill(address: Address, code: str, text: str) -> Address:
    """The address with the piece named by `code` taken from an answer; unchanged if none is in it."""
    cleaned = _clean(text)
    piece = code.removeprefix("bad-")
    if piece == "phone":
        found = phones.find(cleaned, address.country)
        return msgspec.structs.replace(address, phone=found[0].e164) if found else address
    if piece == "postcode":
        match = _POSTCODES[address.country].search(cleaned)
        return msgspec.structs.replace(address, postcode=match[1]) if match else address
    if piece == "name":
        name = _name(cleaned)
        return msgspec.structs.replace(address, name=name) if name else address
    again = parse(text, address.country)
    if again.street:
        kept = msgspec.structs.replace(
            again.address,
            name=again.address.name or address.name,
            phone=again.address.phone or address.phone,
        )
        return kept if kept.country == address.country else again.address
    if piece == "region" and _region(cleaned, address.country):
        return msgspec.structs.replace(address, region=_region(cleaned, address.country))
    if piece == "city" and len(cleaned) <= 40 and not re.search(r"\d", cleaned):
        return msgspec.structs.replace(address, city=cleaned)
    return address


def _region(text: str, country: str) -> str:
    if country == "US":
        return US_STATES.get(text.casefold().rstrip("."), "")
    if country == "JP":
        return next((x for x in JP_PREFECTURES if x in text), "")
    return KR_ALIASES.get(text, "")


# --- cleaning -----------------------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LABELS = re.compile(
    r"(?:받는\s*(?:사람|분)|수령인|수취인|이름|성함|성명|연락처|전화(?:번호)?|휴대폰|핸드폰|번호|배송지|주소"
    r"|name|phone|tel|mobile|address|ship to|氏名|名前|電話(?:番号)?|住所)\s*[:：]\s*",
    re.IGNORECASE,
)
# Where a message stops being an address: "please", "입니다", "to be left at the door".
_CHAT = re.compile(
    r"\s*(?:으?로\s*)?(?:보내\s*주세요|부탁\s*(?:드려요|드립니다|해요)|배송\s*(?:해\s*)?주세요|주세요"
    r"|입니다|이에요|예요|이요|please|thanks|thank you|お願いします|です)[.!~\s]*$",
    re.IGNORECASE,
)


def _clean(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:600])
    visible = "".join(
        x if x in "\n\t" or unicodedata.category(x) not in {"Cf", "Cc", "Cs", "Co", "Cn"} else ""
        for x in folded
    )
    lines = [" ".join(x.split()) for x in visible.replace("\r", "\n").split("\n")]
    joined = ", ".join(x.strip(" ,") for x in lines if x.strip(" ,"))
    return _CHAT.sub("", _LABELS.sub("", joined)).strip(" ,.")


def _cut_email(text: str) -> tuple[str | None, str]:
    match = _EMAIL.search(text)
    if match is None:
        return None, text
    return match[0], (text[: match.start()] + " " + text[match.end() :]).strip(" ,")


def _cut_phone(text: str, country: str) -> tuple[str, str]:
    # Cut before postcodes are looked for: 010 1234 5678 holds what looks like one.
    found = phones.find(text, country)
    if not found:
        return "", text
    first = found[0]
    return first.e164, " ".join((text[: first.start] + " , " + text[first.end :]).split())


def _tidy(text: str) -> str:
    return re.sub(r"\s*,[\s,]*", ", ", " ".join(text.split())).strip(" ,()")


_KR_NAME = re.compile(r"^[가-힣]{2,5}$")
_TITLES = re.compile(r"(?:\s*(?:님|씨|귀하|様|さん|앞))$")


def _name(text: str) -> str:
    """A person's name out of what is left over, or nothing."""
    for part in re.split(r"[,/|]", text):
        candidate = _TITLES.sub("", part.strip(" .()"))
        if _KR_NAME.match(candidate):
            return candidate
        if re.fullmatch(r"[^\W\d_][^\d_,]{1,40}", candidate) and len(candidate.split()) <= 4:
            return candidate
    return ""


# --- Korea --------------------------------------------------------------------------------------

_KR_ZIP = re.compile(r"(?<!\d)(?:\(?우?\)?\s*)?(\d{5})(?!\d)")
_KR_ROAD = re.compile(
    r"(?P<road>[가-힣A-Za-z0-9·.]+?(?:대로|로|길)(?:\s?\d+(?:번|가)?(?:번)?길)?)\s*"
    r"(?P<number>(?:지하\s*)?\d{1,5}(?:-\d{1,4})?)(?![\d가-힣A-Za-z]*(?:길|로))(?:번지)?"
)
_KR_LOT = re.compile(
    r"(?P<road>[가-힣]+\d*(?:동|가|리|읍|면))\s*(?P<number>산?\s?\d{1,4}(?:-\d{1,4})?)(?:번지)?(?![\d동호층])"
)
_KR_CITY = re.compile(r"^[가-힣]{1,6}(?:시|군|구)$")


def _kr(text: str) -> dict[str, str]:
    postcode, text = _cut(_KR_ZIP, text)
    match = _KR_ROAD.search(text) or _KR_LOT.search(text)
    if match is None:
        return {"name": "", "line1": "", "postcode": postcode}
    before, after = text[: match.start()], text[match.end() :]
    region, city, town, rest = _kr_place(before)
    street = f"{match['road'].strip()} {match['number'].replace(' ', '')}"
    line1 = " ".join([*town, street])
    detail, name = _kr_tail(after)
    name = _name(" ".join(rest)) or name
    return {
        "name": name,
        "postcode": postcode,
        "region": region,
        "city": city,
        "line1": line1,
        "line2": detail,
    }


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.search(text)
    if match is None:
        return "", text
    return match[1], text[: match.start()] + " " + text[match.end() :]


def _kr_place(before: str) -> tuple[str, str, list[str], list[str]]:
    """Province, city (with district), town, and what is none of them (a name)."""
    region, city, town, rest = "", [], [], []
    for token in re.split(r"[\s,]+", before):
        alias = KR_ALIASES.get(token)
        glued = next((x for x in KR_ALIASES if len(x) > 2 and token.startswith(x)), "")
        if alias and not region:
            region = alias
        elif glued and not region and _KR_CITY.match(token[len(glued) :]):
            region = KR_ALIASES[glued]
            city.append(token[len(glued) :])
        elif _KR_CITY.match(token) and (region or len(token) > 2 or city):
            city.append(token)
        elif re.match(r"^[가-힣0-9]+(?:읍|면|동|리)$", token) and (region or city):
            town.append(token)
        elif token:
            rest.append(token)
    return region, " ".join(city), town, rest


_KR_DETAIL = re.compile(
    r"(?:\d|층|호|동$|빌딩|타워|아파트|오피스텔|빌라|센터|상가|지하|주택|자이|푸르지오|래미안|힐스|아지트|폴리스)"
)


def _kr_tail(after: str) -> tuple[str, str]:
    """The detail (building, floor, flat) and a name behind the street."""
    detail: list[str] = []
    name = ""
    parts = [x for x in re.split(r"\s*,\s*", after) if x.strip(" ()")]
    tokens = [y for x in parts for y in re.findall(r"\([^)]*\)|[^\s()]+", x)]
    for at, token in enumerate(tokens):
        bare = _TITLES.sub("", token)
        last = all(not _KR_NAME.match(_TITLES.sub("", x)) for x in tokens[at + 1 :])
        looks = _KR_NAME.match(bare) and len(bare) <= 4 and not _KR_DETAIL.search(bare)
        if looks and last and not name:
            name = bare
        elif bare not in {"님", "씨"}:
            detail.append(token)
    return " ".join(detail).strip(" ,"), name


def _check_kr(address: Address) -> list[str]:
    wrong = []
    if address.region and address.region not in KR_REGIONS:
        wrong.append("bad-region")
    if not (address.region or address.city):
        wrong.append("region")
    if address.postcode and not re.fullmatch(r"\d{5}", address.postcode):
        wrong.append("bad-postcode")
    return wrong


# --- United States ------------------------------------------------------------------------------

_STATE = "|".join(sorted((re.escape(x) for x in US_STATES), key=len, reverse=True))
_US_TAIL = re.compile(
    rf"(?P<city>[A-Za-z.'\- ]+?)[,\s]+(?P<state>{_STATE})\.?[,\s]+(?P<zip>\d{{5}}(?:-\d{{4}})?)(?!\d)"
    r"(?:[,\s]+(?:USA|US|United States))?",
    re.IGNORECASE,
)
_US_ZIP = re.compile(r"(?<!\d)(\d{5}(?:-\d{4})?)(?!\d)")
_US_STREET = re.compile(
    r"(?<![\w-])(?:\d{1,6}[A-Za-z]?\s+(?=[A-Za-z0-9])|P\.?\s?O\.?\s?Box\s+\d+|(?:RR|HC)\s+\d+)",
    re.IGNORECASE,
)
_US_UNIT = re.compile(
    r"[,\s]+((?:apt|apartment|unit|ste|suite|fl|floor|rm|room|#)\.?\s*#?\s*[\w-]+)", re.IGNORECASE
)
_US_SUFFIX = re.compile(
    r"\b(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|way|parkway|pkwy|"
    r"place|pl|square|sq|loop|circle|cir|terrace|ter|highway|hwy|broadway|trail|trl|box \d+)\b\.?",
    re.IGNORECASE,
)


def _us(text: str) -> dict[str, str]:
    start = _US_STREET.search(text)
    if start is None:
        return {"name": "", "line1": ""}
    before, body = text[: start.start()], text[start.start() :]
    tail = _US_TAIL.search(body)
    city = state = postcode = after = ""
    street = body
    if tail is not None:
        street, after = body[: tail.start()], body[tail.end() :]
        city, state, postcode = tail["city"].strip(" ,"), tail["state"], tail["zip"]
        street, city = _us_split(street, city)
    else:
        postcode, street = _cut(_US_ZIP, _skip_number(street))
        street, _, city = street.partition(",")
        city = _tidy(city.split(",")[0])
    unit = _US_UNIT.search(street)
    line2 = _tidy(unit[1]) if unit else ""
    street = street[: unit.start()] + street[unit.end() :] if unit else street
    return {
        "name": _name(_tidy(before)) or _name(_tidy(after)),
        "line1": _tidy(street),
        "line2": line2,
        "city": city,
        "region": US_STATES.get(state.casefold(), ""),
        "postcode": postcode,
    }


def _skip_number(street: str) -> str:
    # Five digits at the start are a house number, not a ZIP.
    return re.sub(r"^(\d{5})(?=\s)", lambda x: x[1][0] + "\u2060" + x[1][1:], street)


def _us_split(street: str, city: str) -> tuple[str, str]:
    """Without a comma between street and city the street's own suffix divides them."""
    if street.strip(" ,"):
        return street, city
    # Everything was taken for the city: `350 5th Ave New York`.
    suffixes = list(_US_SUFFIX.finditer(city))
    if not suffixes:
        return city, ""
    cut = suffixes[-1].end()
    return city[:cut], city[cut:].strip(" ,")


def _check_us(address: Address) -> list[str]:
    wrong = []
    if not address.city:
        wrong.append("city")
    if not address.region:
        wrong.append("region")
    elif address.region not in set(US_STATES.values()):
        wrong.append("bad-region")
    if not address.postcode:
        wrong.append("postcode")
    elif not re.fullmatch(r"\d{5}(?:-\d{4})?", address.postcode):
        wrong.append("bad-postcode")
    return wrong


# --- Japan --------------------------------------------------------------------------------------

_JP_MARK = re.compile(r"〒|[ぁ-んァ-ヶ]")
_JP_ZIP = re.compile(r"〒?\s*(?<!\d)(\d{3}-?\d{4})(?![\d-])")
_JP_CITY = re.compile(r"^(?:.+?郡.+?[町村]|.+?市.+?区(?=.)|.+?[市区町村])")
_JP_BLOCK = re.compile(r"\d+(?:丁目|番地?|号|-|ー|の|\s)*(?:\d+(?:丁目|番地?|号|-|の)*)*")


def _jp(text: str) -> dict[str, str]:
    postcode, text = _cut(_JP_ZIP, text)
    if postcode and "-" not in postcode:
        postcode = f"{postcode[:3]}-{postcode[3:]}"
    region = next((x for x in JP_PREFECTURES if x in text), "")
    before, _, body = text.partition(region) if region else ("", "", text)
    body = body.strip(" ,")
    city_match = _JP_CITY.match(body)
    city = city_match[0] if city_match else ""
    rest = body[len(city) :].strip(" ,")
    block = _JP_BLOCK.search(rest)
    if block is None:
        return {"name": "", "line1": "", "postcode": postcode, "region": region, "city": city}
    line1 = rest[: block.end()].strip(" ,")
    detail, name = _jp_tail(rest[block.end() :])
    return {
        "name": _name(_tidy(before)) or name,
        "postcode": postcode,
        "region": region,
        "city": city,
        "line1": line1,
        "line2": detail,
    }


def _jp_tail(after: str) -> tuple[str, str]:
    detail: list[str] = []
    name = ""
    for token in re.split(r"[\s,]+", after.strip(" ,")):
        bare = _TITLES.sub("", token)
        if (
            not name
            and re.fullmatch(r"[一-龥々ぁ-んァ-ヶー]{2,8}", bare)
            and not re.search(r"(?:ビル|マンション|荘|ハイツ|タワー|階|号室)", bare)
        ):
            name = bare
        elif name and not detail and re.fullmatch(r"[一-龥々ぁ-んァ-ヶー]{1,6}", bare):
            name = f"{name} {bare}"
        elif token:
            detail.append(token)
    return " ".join(detail), name


def _check_jp(address: Address) -> list[str]:
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


_POSTCODES = {
    "KR": re.compile(r"(?<!\d)(\d{5})(?!\d)"),
    "US": _US_ZIP,
    "JP": re.compile(r"(?<!\d)(\d{3}-?\d{4})(?!\d)"),
}
