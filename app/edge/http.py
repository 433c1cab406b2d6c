"""The one HTTP client, and what the network does to a call, put in the house's own words.

A worker has to know one thing of a failed call: can it have reached the other side? `TryLater` says
no, `OutcomeUnknown` says nobody knows. What was answered is the plug's to read.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from app.core.errors import DangolError, NeverSend, TryLater
from app.core.outbound import Answered, Call, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from app.core.ports import Faults

# Bytes of an answer. A send is answered with a few hundred; more is not from the platform.
ANSWER_LIMIT = 1_000_000

# Raised before the first byte of a request goes out. The last is how a platform that is played in
# this process says that nobody listens.
NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    ConnectionRefusedError,
)


class OutcomeUnknown(DangolError):
    """The request left and no answer came: it may have taken effect, or not."""

    code = "outcome-unknown"


def make_client(
    *,
    mounts: Mapping[str, httpx.AsyncBaseTransport | None] | None = None,
    timeout: float = 10.0,
    connections: int = 100,
) -> httpx.AsyncClient:
    """A client that follows no redirects and takes no settings from the environment.

    `mounts` answers for addresses by prefix, for platforms played in this process; `timeout` is in
    seconds; `connections` is how many may be open at once.
    """
    return httpx.AsyncClient(
        mounts=mounts,
        timeout=_timeout(timeout),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "dangol", "accept-encoding": "identity"},
    )


async def perform(client: httpx.AsyncClient, call: Call, faults: Faults) -> Answered:
    """Makes the call and returns what its reader makes of the answer.

    Raises `TryLater` when the request certainly never left, `OutcomeUnknown` when it left and no
    answer came, `NeverSend` when there is no such address, and whatever `call.read` raises.
    """
    await faults.reach("deliver.before_call")
    response = await _answer(client, call)
    await faults.reach("deliver.after_call")
    return call.read(response)


async def _answer(client: httpx.AsyncClient, call: Call) -> Response:
    with _named(call):
        # Every read has its own time limit; the outer one ends an answer that comes drop by drop.
        async with asyncio.timeout(call.timeout), _opened(client, call) as answer:
            body = await _body(answer)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(status=answer.status_code, headers=headers, body=body)


@asynccontextmanager
async def _opened(client: httpx.AsyncClient, call: Call) -> AsyncIterator[httpx.Response]:
    request = client.build_request(
        call.method,
        call.url,
        headers=dict(call.headers),
        content=call.body or None,
        timeout=_timeout(call.timeout),
    )
    answer = await client.send(request, stream=True)
    try:
        yield answer
    finally:
        await answer.aclose()


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise OutcomeUnknown(f"The answer was longer than {ANSWER_LIMIT} bytes.")
    return bytes(body)


@contextmanager
def _named(call: Call) -> Iterator[None]:
    """Says what a failure of the network means for the call. Texts name the host, never the path:
    some platforms put the token there.
    """
    host = _host(call.url)
    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
        raise NeverSend(f"{host} cannot be called: {_what(error)}.", rule="bad-address") from error
    except NEVER_LEFT as error:
        raise TryLater(f"{host} was not reached: {_what(error)}.") from error
    except (httpx.RequestError, OSError) as error:  # a TimeoutError is an OSError
        raise OutcomeUnknown(f"{host} took the call and did not answer: {_what(error)}.") from error


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "No address"
    except ValueError:
        return "No address"


def _what(error: Exception) -> str:
    return type(error).__name__


def _timeout(seconds: float) -> httpx.Timeout:
    # Waiting for a free connection, connecting and shaking hands end well before the whole does:
    # a call that runs out of time has then left for certain, and one that has not is `TryLater`.
    return httpx.Timeout(seconds, pool=seconds / 5, connect=seconds / 4)
