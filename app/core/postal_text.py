"""Cleaning a typed address, and finding the name in it: the same for every country."""

from __future__ import annotations

import re
import unicodedata

from app.core import phones

LONGEST = 600  # characters that are looked at

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LABELS = re.compile(
    r"(?:받는\s*(?:사람|분)|수령인|수취인|이름|성함|성명|연락처|전화(?:번호)?|휴대폰|핸드폰"
    r"|배송지|주소|name|phone|tel|mobile|address|ship to|氏名|名前|電話(?:番号)?|住所)\s*[:：]\s*",
    re.IGNORECASE,
)
# Where a message stops being an address: a wish to the carrier, "please", "입니다".
_CHAT = (
    re.compile(r"[,\s]*(?:부재\s*시|문\s*앞|경비실|배송\s*(?:메모|요청)|요청\s*사항).*$"),
    re.compile(
        r"\s*(?:으?로\s*)?(?:보내\s*주세요|부탁\s*(?:드려요|드립니다|해요)|배송\s*(?:해\s*)?주세요"
        r"|주세요|입니다|이에요|예요|이요|please|thanks|thank you|お願いします|です)[.!~\s]*$",
        re.IGNORECASE,
    ),
)
_TITLES = re.compile(r"(?:\s*(?:님|씨|귀하|様|さん|앞))$")
_KOREAN_NAME = re.compile(r"^[가-힣]{2,5}$")
_ANY_NAME = re.compile(r"[^\W\d_][^\d_,]{1,40}")


def clean(text: str) -> str:
    """NFKC, on one line (lines become commas), without labels, wishes and what cannot be seen."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST])
    visible = "".join(x for x in folded if x in "\n\t\r" or unicodedata.category(x)[0] != "C")
    lines = [" ".join(x.split()) for x in visible.replace("\r", "\n").split("\n")]
    joined = ", ".join(x.strip(" ,") for x in lines if x.strip(" ,"))
    joined = _LABELS.sub("", joined)
    for pattern in _CHAT:
        joined = pattern.sub("", joined)
    return joined.strip(" ,.")


def cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The first group of the first match, and the text without the match."""
    match = pattern.search(text)
    if match is None:
        return "", text
    return match[1], text[: match.start()] + " " + text[match.end() :]


def cut_email(text: str) -> tuple[str | None, str]:
    """The e-mail address in a text, and the text without it."""
    match = _EMAIL.search(text)
    if match is None:
        return None, text
    return match[0], (text[: match.start()] + " " + text[match.end() :]).strip(" ,")


def cut_phone(text: str, country: str) -> tuple[str, str]:
    """The telephone number in a text (E.164), and the text without it.

    Cut before postcodes are looked for: `010 1234 5678` holds what looks like one.
    """
    found = phones.find(text, country)
    if not found:
        return "", text
    first = found[0]
    return first.e164, " ".join((text[: first.start] + " , " + text[first.end :]).split())


def tidy(text: str) -> str:
    """Single blanks, single commas, none at the ends."""
    return re.sub(r"\s*,[\s,]*", ", ", " ".join(text.split())).strip(" ,()")


def untitled(name: str) -> str:
    """A name without `님`, `様` and the like."""
    return _TITLES.sub("", name.strip(" .()"))


def is_korean_name(text: str) -> bool:
    """Could these syllables be a name?"""
    return _KOREAN_NAME.match(text) is not None


def person_name(text: str) -> str:
    """A person's name out of what is left over, or nothing."""
    for part in re.split(r"[,/|]", text):
        candidate = untitled(part)
        if is_korean_name(candidate):
            return candidate
        if _ANY_NAME.fullmatch(candidate) and len(candidate.split()) <= 4:
            return candidate
    return ""
