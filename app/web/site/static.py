"""Our static files. Their addresses carry a digest, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static"


@cache
def edition() -> str:
    """A short digest of all files: changes when any of them does."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def versioned(path: str) -> str:
    """The address of a static file. The digest is a folder, so that modules import each other by
    relative names and still come from one edition.
    """
    return f"{PREFIX}/{edition()}/{path}"


class Files(StaticFiles):
    """`/static/<edition>/…` for good, `/static/…` to be asked for again."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        first, _, rest = path.partition("/")
        return rest if first == edition() and rest else path

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = f"/{edition()}/" in scope["path"]
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return response


files = Files()
