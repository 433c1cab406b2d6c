"""Cuts a body of Meta's into single items without reading them, so that each can fail alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from app.core.clock import EPOCH
from app.edge.codec import (
    UNREADABLE,
    Malformed,
    decode_lenient,
    encode,
    split_array,
    split_object,
)
from bots.instagram.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECT = "instagram"
LISTS = ("messaging", "standby", "changes")
KNOWN = frozenset({"id", "time", "field", "value", *LISTS})


class Piece(msgspec.Struct, frozen=True):
    """One item, still raw.

    `kind` is the list that it lay in (what stands bare on an entry counts as one of `changes`),
    or `entry` or `body` for what was taken whole, with the reason in `note`, or in `error` when it
    could not be cut. `body` is a body with this item alone. `account` is the entry's, `at` its
    time in UTC, `extra` what it holds that we do not know.
    """

    kind: str
    raw: bytes
    body: bytes
    account: str = ""
    at: datetime | None = None
    extra: tuple[str, ...] = ()
    note: str = ""
    error: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One entry: whose it is, when it was made, and its members, still raw."""

    account: str
    at: datetime | None
    members: dict[str, bytes]

    @property
    def extra(self) -> tuple[str, ...]:
        return tuple(f"entry.{name}" for name in self.members if name not in KNOWN)

    def piece(self, kind: str, raw: bytes) -> Piece:
        """An item of this entry, with a body of its own around it."""
        return self.whole(kind, raw, b"[" + raw + b"]")

    def whole(
        self, kind: str, raw: bytes, inside: bytes, *, note: str = "", error: str = ""
    ) -> Piece:
        """A member of this entry as it stands, with a body of its own around it."""
        time = 0 if self.at is None else (self.at - EPOCH) // timedelta(milliseconds=1)
        head = encode({"id": self.account, "time": time})[:-1]
        body = _body(head + b',"' + kind.encode() + b'":' + inside + b"}")
        return Piece(kind, raw, body, self.account, self.at, self.extra, note, error)


def cut(raw: bytes, accounts: frozenset[str]) -> Iterator[Piece]:
    """The items of a body in the order they came. Entries of other accounts are taken whole."""
    try:
        # Examples in Meta's documents wrap the body in a list.
        bodies = split_array(raw) if raw.lstrip()[:1] == b"[" else [raw]
    except UNREADABLE as error:
        bodies = []
        yield Piece("body", raw, raw, error=str(error))
    else:
        if not bodies:
            yield Piece("body", raw, raw, note="empty")
    for body in bodies:
        yield from _cut_body(body, accounts)


def _cut_body(body: bytes, accounts: frozenset[str]) -> Iterator[Piece]:
    try:
        members = split_object(body)
        kind = Fields({"object": decode_lenient(members.get("object", b"null"))}).text("object")
        entries = split_array(members.get("entry", b"[]"))
    except UNREADABLE as error:
        yield Piece("body", body, body, error=str(error))
        return
    if kind not in ("", OBJECT):
        yield Piece("body", body, body, note=f"object-{kind}")
    elif not entries:
        yield Piece("body", body, body, note="empty")
    else:
        for raw in entries:
            yield from _cut_entry(raw, accounts)


def _cut_entry(raw: bytes, accounts: frozenset[str]) -> Iterator[Piece]:
    try:
        entry = _entry(raw)
    except UNREADABLE as error:
        yield Piece("entry", raw, _body(raw), error=str(error))
        return
    lists = [name for name in LISTS if entry.members.get(name, b"null") != b"null"]
    bare = "field" in entry.members
    if entry.account not in accounts or not (lists or bare):
        note = "empty-entry" if entry.account in accounts else "other-account"
        yield Piece("entry", raw, _body(raw), entry.account, entry.at, note=note)
        return
    for name in lists:
        yield from _cut_list(entry, name)
    if bare:
        value = entry.members.get("value", b"null")
        yield entry.piece("changes", b'{"field":%b,"value":%b}' % (entry.members["field"], value))


def _entry(raw: bytes) -> Entry:
    members = split_object(raw)
    head = Fields({name: decode_lenient(members.get(name, b"null")) for name in ("id", "time")})
    account = head.id("id")
    if not account:
        raise Malformed("the entry names no account")
    return Entry(account, head.time("time"), members)


def _cut_list(entry: Entry, name: str) -> Iterator[Piece]:
    raw = entry.members[name]
    try:
        items = split_array(raw)
    except UNREADABLE as error:
        yield entry.whole(name, raw, raw, error=str(error))
        return
    if not items:
        yield entry.whole(name, raw, raw, note=f"empty-{name}")
    for item in items:
        yield entry.piece(name, item)


def _body(entry: bytes) -> bytes:
    return b'{"object":"instagram","entry":[' + entry + b"]}"
