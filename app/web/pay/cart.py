"""What the payment page shows: the cart as it was when its link was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from babel.core import UnknownLocaleError

from app.core.money import Money
from app.web.site.linked import Linked


class Row(msgspec.Struct, frozen=True):
    """One line of the bill, ready to be read."""

    kind: str
    words: str
    image: str | None
    quantity: int
    unit: str
    amount: str
    free: bool


class Shown(msgspec.Struct, frozen=True):
    """The whole page. `until` is when the pieces are free again, `clock` how a person says it."""

    rows: tuple[Row, ...]
    total: str
    address: str
    until: datetime | None
    clock: str
    providers: tuple[str, ...]


def shown_of(linked: Linked) -> Shown:
    """The body of a payment link, in the shopper's words."""
    body = linked.link.body
    language = linked.words.language

    def written(amount: object) -> str:
        try:
            return Money(int(str(amount)), str(body.get("currency", ""))).written(language)
        except (ValueError, UnknownLocaleError):
            return str(amount)

    held = body.get("held_until")
    until = datetime.fromisoformat(held) if isinstance(held, str) else None
    return Shown(
        rows=tuple(_row(line, written) for line in body.get("lines", ())),
        total=written(body.get("total", 0)),
        address=str(body.get("address") or ""),
        until=until,
        clock=linked.clock(until) if until else "",
        providers=tuple(str(name) for name in body.get("providers", ())),
    )


def _row(line: dict[str, Any], written: Any) -> Row:
    image = line.get("image")
    return Row(
        kind=str(line.get("kind", "item")),
        words=str(line.get("words", "")),
        image=image if _is_picture(image) else None,
        quantity=int(line.get("quantity") or 1),
        unit=written(line.get("unit", 0)),
        amount=written(line.get("amount", 0)),
        free=line.get("amount") == 0,
    )


def _is_picture(address: object) -> bool:
    return isinstance(address, str) and address.startswith(("https://", "http://", "/static/"))
