"""Who calls, what they may do, and how they are answered."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import Denied
from app.db.unit import Unit
from app.merchants.create_key import KeyHolder, check_key, touch_key
from app.merchants.idempotency import Claim, keep
from app.web.api.cursors import Position, read_position, sign_position
from app.web.context import Context, context_of
from app.web.problems import Forbidden, Stale

TOUCH = timedelta(minutes=1)  # how often it is noted that a key is in use
KEPT_HEADERS = ("content-type", "etag", "location", "cache-control", "retry-after")


@dataclass
class Caller:
    """An API key at work. The shop comes from the key and from nowhere else."""

    context: Context
    holder: KeyHolder
    request: Request
    claim: Claim | None = None
    kept: bool = field(default=False)

    @property
    def shop_id(self) -> str:
        """The shop of the key."""
        return self.holder.shop_id

    @property
    def name(self) -> str:
        """Who did it, for histories."""
        return f"api:{self.holder.key_id}"

    def read(self) -> AbstractAsyncContextManager[Unit]:
        """A unit that writes nothing."""
        return self.context.engine.read()

    def write(self) -> AbstractAsyncContextManager[Unit]:
        """The one unit of this request's write."""
        return self.context.engine.write()

    def position(self, listed: str, cursor: str | None) -> Position | None:
        """Where that list goes on."""
        return read_position(self.context.engine.vault, self.shop_id, listed, cursor)

    def after(self, listed: str, cursor: str | None) -> str | None:
        """The id after which that list goes on, for lists in order of id."""
        found = self.position(listed, cursor)
        return str(found[0]) if found else None

    def cursor(self, listed: str, position: Position | None) -> str | None:
        """The cursor to go on there; None when that was all."""
        if position is None:
            return None
        return sign_position(self.context.engine.vault, self.shop_id, listed, position)

    def expect(self, etag: str) -> None:
        """Raises `Stale` when the caller changes another version than this."""
        given = self.request.headers.get("if-match")
        if given is None or given.strip() == "*":
            return
        if etag not in [one.strip() for one in given.split(",")]:
            raise Stale("It was changed since you read it. Read it again, then repeat your change.")

    def show(self, shown: BaseModel, *, etag: str | None = None) -> Response:
        """The answer to a read."""
        known = self.request.headers.get("if-none-match", "")
        if etag is not None and etag in [one.strip() for one in known.split(",")]:
            return Response(status_code=304, headers={"etag": etag})
        return _response(shown, 200, etag, None)

    def tell(self, shown: BaseModel, *, status: int = 200, location: str | None = None) -> Response:
        """The answer to a write that went through the inbox."""
        return _response(shown, status, None, location)

    async def answer(
        self,
        unit: Unit,
        shown: BaseModel | None,
        *,
        status: int = 200,
        etag: str | None = None,
        location: str | None = None,
    ) -> Response:
        """The answer to a write, kept in the same transaction when it has an Idempotency-Key."""
        response = _response(shown, status, etag, location)
        if self.claim is not None:
            await keep(unit, self.claim, status, kept_headers(response), bytes(response.body))
            self.kept = True
        return response


async def caller_of(request: Request) -> Caller:
    """Whom the route has let in."""
    found: Caller = request.state.caller
    return found


Calling = Annotated[Caller, Depends(caller_of)]


async def let_in(request: Request, scopes: tuple[str, ...]) -> Caller:
    """The caller, when their key covers one of the scopes. Raises `Denied` or `Forbidden`."""
    context = context_of(request)
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Denied("Send your API key as `Authorization: Bearer <key>`.", code="no-key")
    async with context.engine.read() as unit:
        holder = await check_key(unit, text.strip())
    if holder is None:
        raise Denied("This API key is unknown or was revoked.", code="bad-key")
    await _note_use(request, context, holder.key_id)
    if not any(holder.may(scope) for scope in scopes):
        needed = " or ".join(scopes)
        raise Forbidden(f"This needs a key with the scope {needed}.", scope=" ".join(scopes))
    return Caller(context, holder, request)


async def _note_use(request: Request, context: Context, key_id: str) -> None:
    seen: dict[str, datetime] = request.app.state.keys_seen
    now = context.engine.clock.now()
    last = seen.get(key_id)
    if last is not None and now - last < TOUCH:
        return
    seen[key_id] = now
    async with context.engine.write() as unit:
        await touch_key(unit, key_id)


def kept_headers(response: Response) -> dict[str, str]:
    """The headers that belong to the answer itself."""
    return {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}


def _response(
    shown: BaseModel | None, status: int, etag: str | None, location: str | None
) -> Response:
    headers = {"cache-control": "no-store" if etag is None else "private, no-cache"}
    if etag is not None:
        headers["etag"] = etag
    if location is not None:
        headers["location"] = location
    if shown is None:
        return Response(status_code=status, headers=headers)
    body = shown.model_dump_json(by_alias=True).encode()
    return Response(body, status_code=status, media_type="application/json", headers=headers)
