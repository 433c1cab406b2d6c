"""Writes under an Idempotency-Key: carried out once, answered the same every time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import Conflict, DangolError, Rejected
from app.edge.codec import digest
from app.merchants.idempotency import Claim, Kept, Place, claim, keep, let_go, release
from app.web.api.caller import Caller, kept_headers
from app.web.api.failures import failed, invalid, refused_by_http

HEADER = "idempotency-key"
LONGEST = 200
POLL = 0.2  # seconds between looks at the answer of a request under way

Handler = Callable[[Request], Awaitable[Response]]


async def once(caller: Caller, request: Request, handle: Handler) -> Response:
    """Carries the write out, unless it was before: then the answer is the first one."""
    key = request.headers.get(HEADER)
    if key is None:
        return await handle(request)
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise Rejected(
            f"An Idempotency-Key is 1 to {LONGEST} plain characters.", code="idempotency-key"
        )
    place = Place(caller.shop_id, caller.holder.key_id, key)
    match await _claim(caller, place, await _asked(request)):
        case Kept() as kept:
            headers = {**kept.headers, "idempotent-replayed": "true"}
            return Response(kept.body, status_code=kept.status, headers=headers)
        case Claim() as mine:
            caller.claim = mine
            return await _carry_out(caller, mine, request, handle)
    raise Conflict(
        "A request with this Idempotency-Key is still under way. Send it again shortly.",
        code="idempotency-in-progress",
    )


async def _asked(request: Request) -> str:
    """The request in one line: method, address and what is in the body."""
    query = request.url.query
    return f"{request.method} {request.url.path}?{query} {digest(await request.body())}"


async def _claim(caller: Caller, place: Place, asked: str) -> Claim | Kept | None:
    """The claim or the answer, waiting for an attempt under way as long as a request may wait."""
    engine, waited = caller.context.engine, 0.0
    while True:
        async with engine.write() as unit:
            found = await claim(unit, place, asked)
        if found is not None or waited >= caller.context.settings.wait_seconds:
            return found
        await engine.bell.wait(place.topic, POLL)
        waited += POLL


async def _carry_out(caller: Caller, mine: Claim, request: Request, handle: Handler) -> Response:
    try:
        response = await handle(request)
    except RequestValidationError as error:
        await _release(caller, mine)  # nothing began: it may be mended under the same key
        return invalid(error)
    except HTTPException as error:
        await _release(caller, mine)
        return refused_by_http(error)
    except DangolError as error:
        response = failed(request, error)
    except Exception:
        await _let_go(caller, mine)
        raise
    if response.status_code >= 500:
        await _let_go(caller, mine)
    elif not caller.kept:
        async with caller.write() as unit:
            await keep(
                unit, mine, response.status_code, kept_headers(response), bytes(response.body)
            )
    return response


async def _let_go(caller: Caller, mine: Claim) -> None:
    async with caller.write() as unit:
        await let_go(unit, mine)


async def _release(caller: Caller, mine: Claim) -> None:
    async with caller.write() as unit:
        await release(unit, mine)
