"""RFC 9457 problem documents: the one form in which HTTP says what was wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable
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


class Malformed(Rejected):
    """The body is not what its content type says."""

    code = "malformed"


class Forbidden(Denied):
    """The caller is known and may not do this; `scope` is what the key would need."""

    code = "scope"

    def __init__(self, text: str, *, scope: str = "", code: str | None = None) -> None:
        super().__init__(text, code=code)
        self.scope = scope


class Stale(Conflict):
    """`If-Match` names a version that is not the present one."""

    code = "precondition-failed"


class BadForm(Rejected):
    """A form that says something impossible: (field, what to do) for each such place."""

    code = "form"

    def __init__(self, complaints: Iterable[tuple[str, str]]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("; ".join(f"{field}: {advice}" for field, advice in self.complaints))

    def errors(self) -> list[dict[str, str]]:
        """The fields as a problem document lists them."""
        return [
            {"where": "body", "field": field, "message": advice, "rule": "form"}
            for field, advice in self.complaints
        ]


# The one table from our errors to HTTP: core knows no status. The first line that fits counts.
STATUS: tuple[tuple[type[DangolError], int, str], ...] = (
    (Malformed, 400, "The request cannot be read"),
    (Forbidden, 403, "This key may not do that"),
    (Stale, 412, "It changed since you read it"),
    (Rejected, 422, "The request cannot be carried out"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "It changed, or its state does not allow this"),
    (Denied, 401, "Not allowed"),
    (Unavailable, 503, "Try again shortly"),
    (Broken, 500, "Something is wrong on our side"),
)


def problem(
    status: int,
    title: str,
    detail: str,
    code: str,
    **more: Any,
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
            more = {"errors": error.errors()} if isinstance(error, BadForm) else {}
            return problem(status, title, error.text, error.code, **more)
    return problem(500, "Something is wrong on our side", "The request failed.", "broken")


def encoded(document: dict[str, Any]) -> bytes:
    """The document as bytes."""
    return msgspec.json.encode(document)
