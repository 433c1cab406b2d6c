"""RFC 9457 problem documents: the one form in which HTTP says what was wrong and what to do."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core.errors import (
    Broken,
    Conflict,
    DangolError,
    Denied,
    NotFound,
    Rejected,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"

# The one table from our errors to HTTP: core knows no status.
STATUS: tuple[tuple[type[DangolError], int, str], ...] = (
    (Rejected, 422, "The request cannot be carried out"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "It changed, or its state does not allow this"),
    (Denied, 401, "Not allowed"),
    (Unavailable, 503, "Try again shortly"),
    (Broken, 500, "Something is wrong on our side"),
)


def problem(
    status: int, title: str, detail: str, code: str, **more: Any  # noqa: ANN401 - JSON members
) -> dict[str, Any]:
    """The members of a problem document; `code` is listed in `docs/errors.md`."""
    return {
        "type": f"/docs/errors#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def problem_of(error: DangolError) -> dict[str, Any]:
    """The problem document of one of our own errors."""
    for kind, status, title in STATUS:
        if isinstance(error, kind):
            return problem(status, title, error.text, error.code)
    return problem(500, "Something is wrong on our side", "The request failed.", "broken")


def encoded(document: dict[str, Any]) -> bytes:
    """The document as bytes."""
    return msgspec.json.encode(document)
