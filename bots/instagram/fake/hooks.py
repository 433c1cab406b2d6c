"""Signed posts as Meta makes them: the bytes, the headers, several events in one."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from app.edge.signing import keys, signature
from bots.instagram.verify import SIGNATURE

Json = dict[str, object]


class Hook(msgspec.Struct, frozen=True):
    """One POST to the receiver. `id` is what it is about: a comment's or a message's."""

    id: str
    headers: dict[str, str]
    body: bytes
    payload: Json


def escaped(payload: object) -> bytes:
    """JSON as Meta writes it: ASCII only, slashes escaped."""
    return (
        json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()
    )


def signed(app_secret: str, body: bytes) -> dict[str, str]:
    """The headers of a post, signed with the first of the secrets."""
    return {
        "content-type": "application/json",
        "user-agent": "facebookexternalua",
        SIGNATURE: f"sha256={signature(keys(app_secret)[0], body)}",
    }


def hook(app_secret: str, entries: Sequence[Json], id_: str = "") -> Hook:
    """One signed post of these entries."""
    payload: Json = {"object": "instagram", "entry": list(entries)}
    body = escaped(payload)
    return Hook(id_, signed(app_secret, body), body, payload)


def entries_of(hooks: Sequence[Hook]) -> list[Json]:
    """All entries of several posts, for a batch."""
    return [entry for one in hooks for entry in _list(one.payload["entry"])]


def merged(entries: Sequence[Json]) -> list[Json]:
    """One entry for each account, holding the events of all its entries in one list a kind."""
    found: dict[object, Json] = {}
    for entry in entries:
        into = found.setdefault(entry["id"], {"id": entry["id"], "time": entry["time"]})
        for name in ("messaging", "standby", "changes"):
            if name in entry:
                into[name] = [*_list(into.get(name, [])), *_list(entry[name])]
        if "field" in entry:
            change: Json = {"field": entry["field"], "value": entry["value"]}
            into["changes"] = [*_list(into.get("changes", [])), change]
    return list(found.values())


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []
