"""What the network does to a call, in the house's words: never left, or nobody knows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from app.core.errors import NeverSend, RecipientGone, TryLater
from app.core.outbound import Answered, Call, Response
from app.core.ports import NoFaults
from app.edge.http import ANSWER_LIMIT, OutcomeUnknown, make_client, perform

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Recorder:
    """Fault points that note when they were passed."""

    def __init__(self) -> None:
        self.passed: list[str] = []

    async def reach(self, point: str) -> None:
        self.passed.append(point)


def accept(response: Response) -> Answered:
    return Answered(reference=f"{response.status} {response.body.decode()}")


def call_to(url: str, *, timeout: float = 1.0, read=accept, body: bytes = b"{}") -> Call:
    headers = {"authorization": "Bearer T", "content-type": "application/json"}
    return Call("POST", url, headers, body, read, timeout)


@contextlib.asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[str]:
    """A real server, since only a real socket fails in real ways."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    tasks = []

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.ensure_future(answer(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def heard(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return head + await reader.readexactly(2)


def answering(raw: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard(reader)
        writer.write(raw)

    return serve


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    await asyncio.sleep(5)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
    for _ in range(100):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def attempt(url: str, **changes) -> Answered:
    async with make_client() as client:
        return await perform(client, call_to(url, **changes), NoFaults())


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"


async def test_the_request_arrives_as_it_was_made_and_the_answer_is_read():
    requests = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await heard(reader))
        writer.write(OK)

    async with listening(serve) as url:
        assert await attempt(f"{url}/v25.0/1/messages") == Answered(reference="200 hi")
    [request] = requests
    head = request.decode().lower().split("\r\n")
    assert head[0] == "post /v25.0/1/messages http/1.1"
    assert {"authorization: bearer t", "content-type: application/json"} <= set(head)
    assert request.endswith(b"\r\n\r\n{}")


async def test_what_the_plug_reads_is_what_comes_of_it():
    def gone(response: Response) -> Answered:
        assert response.headers["retry-after"] == "7"
        raise RecipientGone(f"status {response.status}")

    raw = b"HTTP/1.1 400 Bad\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n"
    async with listening(answering(raw)) as url:
        with pytest.raises(RecipientGone, match="status 400"):
            await attempt(url, read=gone)


async def test_no_redirect_is_followed():
    raw = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    async with listening(answering(raw)) as url:
        assert await attempt(url) == Answered(reference="302 ")


async def test_where_nobody_listens_nothing_left():
    async with listening(hang) as url:
        pass
    with pytest.raises(TryLater, match=r"127\.0\.0\.1:\d+ was not reached: ConnectError") as caught:
        await attempt(f"{url}/bot-token-in-path")
    assert "token" not in caught.value.text
    assert caught.value.after is None
    assert not caught.value.whole_account


async def test_without_a_free_connection_nothing_left():
    async with listening(hang) as url, make_client(connections=1) as client:
        first = asyncio.ensure_future(perform(client, call_to(url, timeout=2), NoFaults()))
        await asyncio.sleep(0.1)
        with pytest.raises(TryLater, match="PoolTimeout"):
            await perform(client, call_to(url, timeout=0.2), NoFaults())
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_no_answer_in_time_is_unknown():
    async with listening(hang) as url:
        with pytest.raises(OutcomeUnknown):
            await attempt(url, timeout=0.2)


async def test_an_answer_that_comes_drop_by_drop_is_not_waited_for():
    async with listening(drip) as url:
        with pytest.raises(OutcomeUnknown):
            await asyncio.wait_for(attempt(url, timeout=0.3), 2)


@pytest.mark.parametrize(
    "raw",
    [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", b"hello\r\n\r\n"],
    ids=["hung up", "half a line", "half a body", "not HTTP"],
)
async def test_a_broken_answer_is_unknown(raw):
    async with listening(answering(raw)) as url:
        with pytest.raises(OutcomeUnknown):
            await attempt(url)


async def test_an_endless_answer_is_unknown():
    raw = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (ANSWER_LIMIT + 1)
    async with listening(answering(raw)) as url:
        with pytest.raises(OutcomeUnknown, match="longer than"):
            await attempt(url, timeout=5)


@pytest.mark.parametrize("url", ["ftp://example.com/x", "nowhere", "http://", "http://[::1"])
async def test_what_is_no_address_is_never_called(url):
    with pytest.raises(NeverSend) as caught:
        await attempt(url)
    assert caught.value.rule == "bad-address"


async def test_a_header_that_cannot_be_sent_is_never_sent():
    async with listening(hang) as url, make_client() as client:
        call = Call("POST", url, {"x": "a\nb"}, b"", accept, 1)
        with pytest.raises(NeverSend):
            await perform(client, call, NoFaults())


async def test_fault_points_stand_before_and_after_the_network():
    order: list[str] = []
    faults = Recorder()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard(reader)
        order.extend([*faults.passed, "network"])
        writer.write(OK)

    def read(response: Response) -> Answered:
        order.extend([*faults.passed[1:], "read"])
        return Answered()

    async with listening(serve) as url, make_client() as client:
        await perform(client, call_to(url, read=read), faults)
    assert order == ["deliver.before_call", "network", "deliver.after_call", "read"]


async def test_a_call_that_did_not_leave_passes_one_point_only():
    faults = Recorder()
    async with make_client() as client:
        with pytest.raises(NeverSend):
            await perform(client, call_to("nowhere"), faults)
    assert faults.passed == ["deliver.before_call"]


# --- platforms played in this process -----------------------------------------------------------


def playing(error: Exception) -> httpx.ASGITransport:
    async def app(scope, receive, send):
        raise error

    return httpx.ASGITransport(app=app)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [(ConnectionRefusedError(), TryLater), (TimeoutError(), OutcomeUnknown)],
)
async def test_a_played_platform_fails_like_a_real_one(error, meaning):
    mounts = {"https://graph.example": playing(error)}
    async with make_client(mounts=mounts) as client:
        with pytest.raises(meaning):
            await perform(client, call_to("https://graph.example/me/messages"), NoFaults())


async def test_the_environment_says_nothing_about_the_way(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with listening(answering(OK)) as url:
        assert await attempt(url) == Answered(reference="200 hi")
