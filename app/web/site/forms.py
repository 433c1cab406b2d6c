"""Reading a small form that a shopper posted, whatever was posted instead."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from app.core.errors import Rejected

MOST_BYTES = 16_384
MOST_FIELDS = 40


async def read_form(request: Request) -> dict[str, str]:
    """The fields by name, the first of each name. Raises `Rejected` when it is no form of ours."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise Rejected("That form is too long.", code="too-large")
    try:
        pairs = parse_qsl(
            raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Rejected("That is no form of ours.", code="bad-form") from None
    form: dict[str, str] = {}
    for name, value in pairs:
        form.setdefault(name, value)
    return form
