"""Lists and versions: what many answers have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from app.edge.codec import canonical, digest
from app.web.api.caller import Caller
from app.web.api.cursors import Position
from app.web.api.shapes import Page

Row = TypeVar("Row")


def by_id(row: Any) -> Position:
    """The position of a row in a list in order of id."""
    return [row.id]


def listed(
    caller: Caller,
    name: str,
    page: type[Page[Any]],
    shown: Callable[[Row], BaseModel],
    rows: Sequence[Row],
    limit: int,
    position: Callable[[Row], Position] = by_id,
) -> Response:
    """The answer for at most `limit` of these rows; one row more says that the list goes on."""
    kept = rows[:limit]
    more = position(kept[-1]) if len(rows) > limit else None
    items = [shown(row) for row in kept]
    return caller.show(page(items=items, next_cursor=caller.cursor(name, more)))


def etag_of(*parts: object) -> str:
    """The ETag of what these parts say."""
    return f'"{digest(canonical(parts))[:16]}"'
