"""Turns a body of Meta's into neutral events. Never raises, whatever is in it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from app.core.inbound import Commented, Item, NotOurs, Unparsed
from app.edge.codec import UNREADABLE, decode_lenient, digest
from bots.instagram.comments import read_comment, read_mention
from bots.instagram.envelope import Piece, cut
from bots.instagram.fields import Fields
from bots.instagram.messages import read_messaging
from bots.instagram.readings import Reading, Source, unknown

if TYPE_CHECKING:
    from datetime import datetime

    from app.core.ports import Account

# Meta batches up to 1000 updates. What lies beyond this goes into one row together.
MOST_PIECES = 5000
MOST_EXTRA = 50
# The id under which the dashboard's "Test" button posts.
TEST_ENTRY = "0"
# Fields that may come as `changes` though their value is an item of the chat.
CHAT_FIELDS = frozenset(
    {
        "messages",
        "message_edit",
        "message_reactions",
        "messaging_postbacks",
        "messaging_referral",
        "messaging_referrals",
        "messaging_seen",
    }
)


def parse(raw: bytes, account: Account, received_at: datetime) -> list[Item]:
    """The items of a body, in the order they came; at least one for any body."""
    accounts = frozenset({account.external_id, *account.app_accounts})
    pieces = list(islice(cut(raw, accounts), MOST_PIECES + 1))
    if len(pieces) > MOST_PIECES:
        pieces[MOST_PIECES:] = [Piece("body", raw, raw, error=f"more than {MOST_PIECES} items")]
    home = account.external_id
    return [item for piece in pieces for item in _items(piece, home, received_at)]


def _items(piece: Piece, home: str, received_at: datetime) -> list[Item]:
    """The events of one piece; `home` is the account of the hook it was posted to."""
    try:
        readings, extra = _readings(piece)
    except UNREADABLE as error:
        readings, extra = [_unparsed(piece, str(error))], ()
    whole = piece.note == "other-account" or not piece.account
    account = home if whole else piece.account
    return [_item(reading, piece, account, received_at, extra) for reading in readings]


def _readings(piece: Piece) -> tuple[list[Reading], tuple[str, ...]]:
    if piece.error:
        return [_unparsed(piece, piece.error)], ()
    source = Source(piece.account, digest(piece.raw))
    if piece.note == "other-account":
        return [_not_ours(source)], ()
    if piece.note:
        return [unknown(piece.note, source)], ()
    fields = Fields(decode_lenient(piece.raw))
    readings = _read(piece.kind, fields, source)
    names = (*piece.extra, *(name[:80] for name in fields.unread()))
    return readings, names[:MOST_EXTRA]


def _read(kind: str, fields: Fields, source: Source) -> list[Reading]:
    if kind == "messaging":
        return read_messaging(fields, source)
    if kind == "standby":
        return [_standby(fields, source)]
    return _read_change(fields.text("field"), fields, source)


def _read_change(field: str, change: Fields, source: Source) -> list[Reading]:
    if not change.has("value"):
        return [unknown(field, source)]
    value = change.part("value")
    if field in ("comments", "live_comments"):
        return [read_comment(value, source, live=field == "live_comments")]
    if field == "mentions":
        return [read_mention(value, source)]
    if field in CHAT_FIELDS and value.has("sender"):
        return read_messaging(value, source)
    value.knows(*value.names())
    return [unknown(field, source)]


def _standby(fields: Fields, source: Source) -> Reading:
    """Another app answers this chat: what is said there is recorded, under a key of its own."""
    key = read_messaging(fields, source)[-1].key
    return unknown("standby", source, key=f"standby:{key}")


def _not_ours(source: Source) -> Reading:
    if source.account == TEST_ENTRY:
        return unknown("test-post", source)
    return Reading(f"not-ours:{source.digest}", "", NotOurs(account=source.account))


def _unparsed(piece: Piece, error: str) -> Reading:
    return Reading(f"unparsed:{digest(piece.raw)}", "", Unparsed(error=error))


def _item(
    reading: Reading, piece: Piece, account: str, received_at: datetime, extra: tuple[str, ...]
) -> Item:
    # A platform's clock may be ahead of ours; nothing happens later than it is received.
    at = min(reading.at or piece.at or received_at, received_at)
    event = reading.event
    if isinstance(event, Commented):
        event = msgspec.structs.replace(event, commented_at=at)
    return Item(
        key=reading.key,
        address=reading.address,
        event=event,
        occurred_at=at,
        account=account,
        raw=piece.body,
        extra=extra,
    )
