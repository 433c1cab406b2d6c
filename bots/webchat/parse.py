"""What a visitor's page posts: `{"session": …, "items": [{"id", "type", …}]}`. Never raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import get_args

from app.core.inbound import (
    AnyEvent,
    Arrived,
    Item,
    MediaKind,
    Said,
    SentMedia,
    Tapped,
    Unknown,
    Unparsed,
)
from app.core.ports import Account
from app.edge.codec import (
    UNREADABLE,
    Malformed,
    decode_lenient,
    digest,
    encode,
    split_array,
    split_object,
)
from bots.webchat.verify import session_in

MOST_ITEMS = 100
LONGEST_TEXT = 10_000
LONGEST_TOKEN = 1000
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_KNOWN = frozenset({"id", "type", "text", "token", "label", "media", "url", "ref", "source", "at"})
_MEDIA: frozenset[str] = frozenset(get_args(MediaKind))

Members = dict[str, object]


def parse(raw: bytes, account: Account, received_at: datetime) -> list[Item]:
    """The items of a body in the order they were said; at least one for any body."""
    visitor = session_in(raw)
    try:
        if visitor is None:
            raise Malformed("the body names no session")
        pieces = split_array(split_object(raw).get("items", b"[]"))
        if not 0 < len(pieces) <= MOST_ITEMS:
            raise Malformed(f"a body holds 1 to {MOST_ITEMS} items")
    except UNREADABLE as error:
        return [_unparsed(raw, raw, str(error), account, received_at)]
    return [_item(piece, visitor, account, received_at) for piece in pieces]


def _item(piece: bytes, visitor: str, account: Account, received_at: datetime) -> Item:
    # What is kept of an item is a body with this item alone.
    body = b'{"session":' + encode(visitor) + b',"items":[' + piece + b"]}"
    try:
        members = decode_lenient(piece)
        if not isinstance(members, dict):
            raise Malformed("an item is an object")
        return _read(members, body, visitor, account, received_at)
    except UNREADABLE as error:
        return _unparsed(piece, body, str(error), account, received_at)


def _read(
    members: Members, body: bytes, visitor: str, account: Account, received_at: datetime
) -> Item:
    given = members.get("id")
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise Malformed("an item needs an id of 1 to 64 letters, digits, - or _")
    kind = _text(members, "type", 40)
    event = _event(kind, given, members)
    name = kind if not isinstance(event, Unknown) else "unknown"
    return Item(
        # A visitor chooses their ids, so they count within their own session only.
        key=f"{name}:{visitor}:{given}",
        address=f"user:{visitor}",
        event=event,
        occurred_at=min(_moment(members.get("at")) or received_at, received_at),
        account=account.external_id,
        raw=body,
        extra=tuple(sorted(str(x)[:80] for x in members.keys() - _KNOWN))[:50],
    )


def _event(kind: str, given: str, members: Members) -> AnyEvent:
    match kind:
        case "said":
            text = _text(members, "text", LONGEST_TEXT)
            if not text.strip():
                raise Malformed("nothing was said")
            return Said(text=text, message_id=given)
        case "tapped":
            token = _text(members, "token", LONGEST_TOKEN)
            if not token:
                raise Malformed("a tap needs its token")
            return Tapped(token=token, label=_text(members, "label", 200), message_id=given)
        case "media":
            return _media(given, members)
        case "arrived":
            source = _text(members, "source", 200) or "webchat"
            return Arrived(ref=_text(members, "ref", 200), source=source)
    safe = "".join(x for x in kind if x.isascii() and x.isprintable())
    return Unknown(what=safe or "unnamed")


def _media(given: str, members: Members) -> SentMedia:
    named = _text(members, "media", 40)
    url = _text(members, "url", 2000)
    return SentMedia(
        media=named if named in _MEDIA else "other",  # type: ignore[arg-type]
        message_id=given,
        url=url if url.startswith("https://") else None,
        text=_text(members, "text", LONGEST_TEXT),
    )


def _text(members: Members, name: str, longest: int) -> str:
    value = members.get(name, "")
    if not isinstance(value, str):
        raise Malformed(f"{name} must be text")
    return value[:longest]


def _moment(given: object) -> datetime | None:
    """Milliseconds since 1970, as a browser tells the time."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 1e14:
        return None
    return datetime.fromtimestamp(given / 1000, UTC)


def _unparsed(piece: bytes, body: bytes, why: str, account: Account, at: datetime) -> Item:
    event = Unparsed(error=why[:200])
    return Item(f"unparsed:{digest(piece)}", "", event, at, account.external_id, body)
