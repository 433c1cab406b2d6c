"""The SQL of conversations, in bulk: a batch of lanes costs the same few statements as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update

from app.conversations.models import conversation
from app.conversations.too_new import TooNew
from app.core.dialog.state import SCHEMA, State
from app.db.unit import Unit
from app.inbox.turns import Lane

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)


@dataclass
class Chat:
    """One conversation while its lane is locked; written back once, at the end of the batch."""

    lane: Lane
    channel: str = ""
    account_id: str = ""
    recipient: str = ""
    state: State = State()  # noqa: RUF009 - frozen
    seq: int = 0
    reason: str = ""
    waiting_since: datetime | None = None
    window_until: datetime | None = None
    last_in_at: datetime | None = None
    fresh: bool = True
    changed: bool = False

    @property
    def address(self) -> str:
        """Where timers and other news of the house for this chat go."""
        return f"lane:{self.lane.id}"


def decode_state(stored: bytes) -> State:
    """The state as this version understands it; raises `TooNew` for a later schema."""
    if int(msgspec.json.decode(stored).get("schema", SCHEMA)) > SCHEMA:
        raise TooNew("This conversation was last moved by a newer version of Dangol.")
    return _decoder.decode(stored)


async def load_chats(unit: Unit, lanes: Sequence[Lane]) -> dict[str, Chat]:
    """The chats of these lanes by lane id; a lane seen for the first time gets a fresh one."""
    chats = {lane.id: Chat(lane) for lane in lanes}
    rows = await unit.rows(select(conversation).where(conversation.c.lane_id.in_(list(chats))))
    for row in rows:
        chat = chats[row.lane_id]
        opened = unit.vault.open(row.state, row.shop_id, "conversation", row.lane_id)
        chat.channel, chat.account_id, chat.recipient = row.channel, row.account_id, row.recipient
        chat.state, chat.seq, chat.reason = decode_state(opened), row.seq, row.reason
        chat.waiting_since, chat.window_until = row.waiting_since, row.window_until
        chat.last_in_at, chat.fresh = row.last_in_at, False
    return chats


def _row(unit: Unit, chat: Chat) -> dict[str, Any]:
    sealed = unit.vault.seal(
        _encoder.encode(chat.state), chat.lane.shop_id, "conversation", chat.lane.id
    )
    return {
        "channel": chat.channel,
        "account_id": chat.account_id,
        "recipient": chat.recipient,
        "state": sealed,
        "schema": chat.state.schema,
        "seq": chat.seq,
        "scene": chat.state.scene,
        "person": chat.state.person,
        "reason": chat.reason,
        "waiting_since": chat.waiting_since,
        "window_until": chat.window_until,
        "last_in_at": chat.last_in_at,
        "changed_at": unit.now,
    }


_COLUMNS = (
    "channel", "account_id", "recipient", "state", "schema", "seq", "scene", "person", "reason",
    "waiting_since", "window_until", "last_in_at", "changed_at",
)  # fmt: skip
_save = (
    update(conversation)
    .where(conversation.c.lane_id == bindparam("b_lane"))
    .values({name: bindparam(f"b_{name}") for name in _COLUMNS})
)


async def save_chats(unit: Unit, chats: Iterable[Chat]) -> None:
    """Writes every changed chat back."""
    fresh, known = [], []
    for chat in chats:
        if not chat.changed:
            continue
        row = _row(unit, chat)
        if chat.fresh:
            key = {"lane_id": chat.lane.id, "shop_id": chat.lane.shop_id, "created_at": unit.now}
            fresh.append({**row, **key})
        else:
            bound = {f"b_{name}": value for name, value in row.items()}
            known.append({**bound, "b_lane": chat.lane.id})
        chat.fresh, chat.changed = False, False
    if fresh:
        await unit.run(insert(conversation), fresh)
    if known:
        await unit.run(_save, known)
