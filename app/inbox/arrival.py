"""An event on its way into the inbox: cleaned so that any database can keep it."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from app.core.inbound import (
    AnyEvent,
    Item,
    NotOurs,
    Read,
    Unknown,
    Unparsed,
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
LONGEST = 190  # characters of a key or an address; longer ones keep their beginning and a hash


class Arrival(msgspec.Struct, frozen=True):
    """One row to be. `address`: `<channel>:<account>:user:<id>`, `lane:<id>` or `pay:<ref>`."""

    shop_id: str
    channel: str
    account: str
    key: str
    address: str
    kind: str
    event: bytes
    raw: bytes | None
    extra: str
    occurred_at: datetime
    received_at: datetime
    status: str
    note: str


def fit(text: str) -> str:
    """Text that every database takes as a name: no NUL, no lone surrogate, not too long."""
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode()
    if len(clean) <= LONGEST:
        return clean
    return f"{clean[:120]}~{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"


def encode(event: AnyEvent) -> bytes:
    """An event as the inbox keeps it."""
    return _encoder.encode(event)


def decode(stored: bytes) -> AnyEvent:
    """The event of a row; raises `msgspec.ValidationError` when its kind is newer than we."""
    return _decoder.decode(stored)


def why_ignored(event: AnyEvent, address: str) -> str | None:
    """Why an event is recorded without effect, None when it has one."""
    match event:
        case Unknown(what=what):
            return f"unknown: {what}"
        case Unparsed(error=error):
            return f"unreadable: {error}"
        case NotOurs(account=account):
            return f"not ours: {account}"
        case Read():
            return "read receipt"
    return None if address else "belongs to nobody"


def from_item(shop_id: str, channel: str, item: Item, received_at: datetime) -> Arrival:
    """The row of an item that a plug read off the wire.

    An item whose text cannot be encoded (lone surrogates) becomes one that says so.
    """
    event: AnyEvent = item.event
    try:
        stored = encode(event)
    except (UnicodeEncodeError, ValueError) as error:
        event = Unparsed(error=f"text cannot be stored: {type(error).__name__}")
        stored = encode(event)
    address = item.address
    if address and not address.startswith("pay:"):
        address = f"{channel}:{item.account}:{address}"
    note = why_ignored(event, address)
    return Arrival(
        shop_id=shop_id,
        channel=channel,
        account=fit(item.account),
        key=fit(item.key),
        address=fit(address),
        kind=type(event).__struct_config__.tag,  # type: ignore[arg-type]
        event=stored,
        raw=item.raw,
        extra=fit(",".join(item.extra)),
        occurred_at=min(item.occurred_at, received_at),
        received_at=received_at,
        status="new" if note is None else "ignored",
        note=(note or "").replace("\x00", "").encode("utf-8", "replace").decode()[:500],
    )


def from_house(
    shop_id: str, address: str, key: str, event: AnyEvent, now: datetime, account: str = ""
) -> Arrival:
    """The row of an event that the house makes itself."""
    return Arrival(
        shop_id=shop_id,
        channel="house",
        account=account,
        key=fit(key),
        address=fit(address),
        kind=type(event).__struct_config__.tag,  # type: ignore[arg-type]
        event=encode(event),
        raw=None,
        extra="",
        occurred_at=now,
        received_at=now,
        status="new",
        note="",
    )
