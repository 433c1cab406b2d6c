"""`/play` and what its page asks for. Only where the environment is `demo`; elsewhere 404."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from app.core.errors import DangolError, NotFound, Rejected
from app.web.context import Context, context_of
from app.web.play.hood import opened_in, opened_out
from app.web.play.people import Cast
from app.web.play.stage import Stage
from app.web.play.view import shop_of, view_of
from app.web.problems import MEDIA_TYPE, problem_of
from app.web.site.accept import LANGUAGES, accepted
from app.web.site.linked import unknown
from app.web.site.pages import page
from app.web.site.words import PageWords

router = APIRouter(include_in_schema=False)

LOOK = 0.35  # seconds between looks when no bell rings
LONGEST_POST = 8192  # bytes
LONGEST_TEXT = 2200  # characters, as in an Instagram comment
_PERSON = re.compile(r"\d{4,24}")
Json = dict[str, Any]
Languages = Annotated[str, Header(alias="accept-language")]


def stage_of(request: Request) -> Stage:
    """The stage of this server. Raises `NotFound` where nothing is played."""
    context = context_of(request)
    stage = getattr(request.app.state, "stage", None)
    if context.settings.environment != "demo" or not isinstance(stage, Stage):
        raise NotFound("There is no playground here.", code="no-playground")
    return stage


def _cast(request: Request, context: Context) -> Cast:
    state = request.app.state
    if not hasattr(state, "cast"):
        state.cast = Cast(context.engine.ids.chance)
    cast: Cast = state.cast
    return cast


def _refused(error: DangolError) -> JSONResponse:
    document = problem_of(error)
    return JSONResponse(document, document["status"], media_type=MEDIA_TYPE)


async def _sent(request: Request) -> Json:
    """The JSON object that was posted. Raises `Rejected`.

    Its media type keeps forms of other sites out: they cannot send it without asking.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Rejected("Send JSON.", code="bad-json")
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LONGEST_POST:
            raise Rejected("That is too long.", code="too-large")
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Rejected("That is no JSON object.", code="bad-json") from None


def _person(given: object) -> str:
    if not isinstance(given, str) or not _PERSON.fullmatch(given):
        raise Rejected("Name a person of this playground.", code="no-person")
    return given


@router.get("/play")
async def show(request: Request, languages: Languages = "") -> Response:
    """The page."""
    try:
        stage_of(request)
    except NotFound:
        return unknown(languages)
    context = context_of(request)
    chosen = accepted(languages, "ko")
    return page("play.html", PageWords(chosen), origin=context.settings.public_url)


@router.post("/play/api/people")
async def people(request: Request) -> Response:
    """Somebody to play: a newcomer, or with `known` the last one who bought."""
    try:
        stage, wanted = stage_of(request), await _sent(request)
        context = context_of(request)
        cast = _cast(request, context)
        if wanted.get("known") is True:
            async with context.engine.read() as unit:
                shop = await shop_of(unit, stage)
                found = await cast.regular(unit, stage, shop.id)
            if found is None:  # nobody has bought anything yet: no fault of the page
                return JSONResponse({"person": None, "name": ""})
            person, name = found
        else:
            person, name = cast.newcomer()
        return JSONResponse({"person": person, "name": name})
    except DangolError as error:
        return _refused(error)


@router.post("/play/api/act")
async def act(request: Request) -> Response:
    """What the shopper does: comment, say, tap or read. It leaves as the platform's signed post."""
    try:
        stage, wanted = stage_of(request), await _sent(request)
        person = _person(wanted.get("person"))
        text = str(wanted.get("text", ""))[:LONGEST_TEXT]
        platform = stage.platform
        match wanted.get("do"):
            case "comment" if text.strip():
                name = _cast(request, context_of(request)).met.get(person)
                media = _person(wanted.get("media"))
                posted = platform.comment(person, text, media=media, username=name)
            case "say" if text.strip():
                posted = platform.say(person, text)
            case "tap":
                message = str(wanted.get("message", "")) or None
                posted = platform.tap(person, str(wanted.get("token", "")), message_id=message)
            case "read":
                posted = platform.read(person)
            case _:
                raise Rejected("comment, say, tap or read, and with words.", code="bad-act")
        await stage.courier.deliver(posted)
        return JSONResponse({"id": posted.id})
    except LookupError as error:
        return _refused(Rejected(str(error), code="not-there"))
    except DangolError as error:
        return _refused(error)


@router.post("/play/api/switches")
async def switches(request: Request) -> Response:
    """What goes wrong from now on."""
    try:
        stage = stage_of(request)
        stage.set_switches(await _sent(request))
        return JSONResponse(dict(stage.switches()))
    except DangolError as error:
        return _refused(error)


@router.post("/play/api/kill-worker")
async def kill_worker(request: Request) -> Response:
    """Stops the worker in the middle of its round; a new one starts at once."""
    try:
        stage = stage_of(request)
        await _sent(request)
        await stage.kill_worker()
        return JSONResponse({"killed": True})
    except DangolError as error:
        return _refused(error)


@router.get("/play/api/row/{way}/{row_id}")
async def row(request: Request, way: str, row_id: int) -> Response:
    """One row of inbox (`in`) or outbox (`out`), opened up."""
    try:
        stage = stage_of(request)
        opened = {"in": opened_in, "out": opened_out}.get(way)
        if opened is None:
            raise NotFound("There are rows `in` and `out`.")
        async with context_of(request).engine.read() as unit:
            shop = await shop_of(unit, stage)
            found = await opened(unit, stage, shop.id, row_id)
        if found is None:
            raise NotFound("There is no such row.")
        return Response(msgspec.json.encode(found), media_type="application/json")
    except DangolError as error:
        return _refused(error)


@router.get("/play/api/events")
async def events(
    request: Request,
    context: Annotated[Context, Depends(context_of)],
    person: str = "",
    language: str = "ko",
) -> Response:
    """The whole view, again whenever anything in it changes."""
    try:
        stage = stage_of(request)
        who = _person(person) if person else ""
        async with context.engine.read() as unit:
            await shop_of(unit, stage)
    except DangolError as error:
        return _refused(error)
    words = language if language in LANGUAGES else "ko"
    return EventSourceResponse(_views(context, stage, who, words), ping=15)


async def _views(
    context: Context, stage: Stage, person: str, language: str
) -> AsyncIterator[ServerSentEvent]:
    last = b""
    while True:
        view = await view_of(context, stage, person, language)
        # The clock in it moves always; it alone is no news.
        bare = re.sub(rb'"now":"[^"]*"', b"", view, count=1)
        if bare != last:
            last = bare
            yield ServerSentEvent(event="view", data=view.decode())
        await context.engine.bell.wait("outbox", LOOK)
