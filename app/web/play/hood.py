"""Under the hood: the rows of inbox and outbox as they appear, and each of them opened up."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core.outbound import ChannelSend
from app.db.unit import Unit
from app.inbox.read import InRow, in_row, newest_in
from app.journal.write import entries_of
from app.outbox.read import OutRow, newest_out, out_row
from app.web.play.stage import Stage

Json = dict[str, Any]
SHOWN = 60  # rows of each kind
GIST = 90  # characters of what a row is about


async def rows_of(unit: Unit, shop_id: str) -> list[Json]:
    """The newest rows of both, newest first."""
    came = [_in(row) for row in await newest_in(unit, shop_id, SHOWN)]
    left = [_out(row) for row in await newest_out(unit, shop_id, SHOWN)]
    return sorted([*came, *left], key=lambda row: (row["at"], row["id"]), reverse=True)[:SHOWN]


def _in(row: InRow) -> Json:
    event: Json = msgspec.json.decode(row.stored)
    gist = event.get("text") or event.get("label") or event.get("name") or event.get("outcome")
    return {
        "way": "in",
        "id": row.id,
        "kind": row.kind,
        "channel": row.channel,
        "status": row.status,
        "gist": str(gist or row.note or "")[:GIST],
        "attempts": row.attempts,
        "at": row.received_at.isoformat(),
        "took": _took(row.received_at, row.done_at),
    }


def _out(row: OutRow) -> Json:
    job = row.job()
    gist = job.message.text if isinstance(job, ChannelSend) else type(job).__name__
    return {
        "way": "out",
        "id": row.id,
        "kind": row.purpose or row.stream.partition(":")[0],
        "channel": row.channel,
        "status": row.status,
        "gist": (gist or row.error)[:GIST],
        "attempts": row.attempt,
        "rule": row.rule,
        "at": row.created_at.isoformat(),
        "took": _took(row.created_at, row.done_at),
    }


def _took(begun: Any, done: Any) -> int | None:
    """Milliseconds from its arrival to its end."""
    return None if done is None else max(0, round((done - begun).total_seconds() * 1000))


async def opened_in(unit: Unit, stage: Stage, shop_id: str, row_id: int) -> Json | None:
    """An inbox row with the post it came in, its signature, and what the step did."""
    row = await in_row(unit, shop_id, row_id)
    if row is None:
        return None
    post = stage.courier.about(row.key)
    return {
        "row": _plain(row, "stored", "raw"),
        "event": msgspec.json.decode(row.stored),
        "raw": _json(row.raw),
        "post": msgspec.to_builtins(post) | {"body": _json(post.body.encode())} if post else None,
        "step": await _step(unit, shop_id, row),
    }


async def _step(unit: Unit, shop_id: str, row: InRow) -> Json | None:
    """The journal's entry of this event: the state before and after, and what was wanted."""
    if row.lane_id is None:
        return None
    for entry in reversed(await entries_of(unit, shop_id, row.lane_id)):
        if entry.inbox_id == row.id:
            body: Json = msgspec.json.decode(entry.body)
            parts = {name: body.get(name) for name in ("before", "after", "rounds")}
            return {"seq": entry.seq, "scene": entry.scene, **parts}
    return None


async def opened_out(unit: Unit, stage: Stage, shop_id: str, row_id: int) -> Json | None:
    """An outbox row with its job, and the request as the platform received it."""
    row = await out_row(unit, shop_id, row_id)
    if row is None:
        return None
    sent = (one for one in reversed(stage.platform.log) if one.message_id == row.reference)
    witness = next(sent, None) if row.reference else None
    return {
        "row": _plain(row, "stored"),
        "job": msgspec.json.decode(row.stored),
        "received": witness.request if witness is not None else None,
    }


def _plain(row: InRow | OutRow, *without: str) -> Json:
    shown: Json = msgspec.to_builtins(
        {name: getattr(row, name) for name in row.__struct_fields__ if name not in without}
    )
    return shown


def _json(raw: bytes | None) -> object:
    """The body as JSON where it is any, else as text."""
    if raw is None:
        return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")
