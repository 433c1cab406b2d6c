"""`/chat/{account}`: the chat page and what it asks for. It posts to `/hooks/webchat/{account}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse
from starlette.responses import FileResponse, Response

from app.core.errors import DangolError, NotFound, Unavailable
from app.merchants.read import ShopRow, shop_by_id
from app.web.chat.sessions import CHANNEL, Visit, account_of, bearer, open_session, visit_of
from app.web.chat.stream import last_seen, stream
from app.web.chat.transcript import whole_chat
from app.web.context import Context, context_of
from app.web.problems import MEDIA_TYPE, problem_of
from app.web.site.accept import accepted
from app.web.site.linked import unknown, words_for
from app.web.site.pages import page
from app.web.site.security import policy
from app.web.site.static import FOLDER

router = APIRouter(include_in_schema=False)

Given = Annotated[Context, Depends(context_of)]
Languages = Annotated[str, Header(alias="accept-language")]
NO_STORE = {"cache-control": "no-store"}
PING = 15  # seconds between signs of life, so that proxies keep the stream open


def _refused(error: DangolError) -> JSONResponse:
    document = problem_of(error)
    headers = dict(NO_STORE)
    if isinstance(error, Unavailable):
        headers["retry-after"] = str(max(1, round(error.after)))
    return JSONResponse(document, document["status"], headers, media_type=MEDIA_TYPE)


@router.get("/chat/widget.js")
async def widget() -> Response:
    """The one script tag. Other sites load it, so it is asked for again once an hour."""
    headers = {
        "cache-control": "public, max-age=3600",
        "cross-origin-resource-policy": "cross-origin",
    }
    return FileResponse(
        FOLDER / "chat" / "widget.js", headers=headers, media_type="text/javascript"
    )


@router.get("/chat/{account}")
async def show(account: str, context: Given, languages: Languages = "") -> Response:
    """The chat as a page of its own, which the widget also puts into its frame."""
    try:
        found = await account_of(context, account)
    except NotFound:
        return unknown(languages)
    shop = await _shop(context, found.shop_id)
    words = words_for(shop, accepted(languages, shop.locale))
    sites = found.secrets.get("origins", "").split()
    ancestors = " ".join(["'self'", *sites]) if sites else "*"
    headers = {"content-security-policy": policy(frame_ancestors=ancestors)}
    return page("chat.html", words, headers=headers, shop=shop.name, account=account)


@router.get("/chat/{account}/demo")
async def demo(account: str, context: Given, languages: Languages = "") -> Response:
    """A page with the widget on it, to see what a shop's own page looks like. Not in production."""
    try:
        if context.settings.production:
            raise NotFound("There is no demo here.")
        found = await account_of(context, account)
    except NotFound:
        return unknown(languages)
    shop = await _shop(context, found.shop_id)
    words = words_for(shop, accepted(languages, shop.locale))
    return page("chat-demo.html", words, shop=shop.name, account=account)


@router.post("/chat/{account}/session")
async def session(account: str, request: Request, context: Given) -> Response:
    """A session: the old one with a fresh token when it is sent along, else a new one."""
    peer = request.client.host if request.client else ""
    try:
        visit, token = await open_session(context, account, bearer(request), peer)
        shop = await _shop(context, visit.account.shop_id)
        content = {"session": visit.visitor, "token": token, "shop": shop.name}
        return JSONResponse(content, 200, NO_STORE)
    except DangolError as error:
        return _refused(error)


@router.get("/chat/{account}/history")
async def history(account: str, request: Request, context: Given) -> Response:
    """What was said so far, and where the stream goes on."""
    try:
        visit = await visit_of(context, account, bearer(request))
    except DangolError as error:
        return _refused(error)
    async with context.engine.read() as unit:
        messages, cursor = await whole_chat(unit, visit, context.channels[CHANNEL])
    return JSONResponse({"messages": messages, "cursor": cursor}, 200, NO_STORE)


@router.get("/chat/{account}/events")
async def events(
    account: str,
    request: Request,
    context: Given,
    last: Annotated[str, Header(alias="last-event-id")] = "",
) -> Response:
    """What we say from now on, after the row that the page saw last."""
    try:
        visit = await visit_of(context, account, bearer(request))
    except DangolError as error:
        return _refused(error)
    return _stream(context, visit, bearer(request), last_seen(last))


def _stream(context: Context, visit: Visit, token: str, after: int) -> EventSourceResponse:
    headers = {**NO_STORE, "x-accel-buffering": "no"}
    return EventSourceResponse(stream(context, visit, token, after), headers=headers, ping=PING)


async def _shop(context: Context, shop_id: str) -> ShopRow:
    async with context.engine.read() as unit:
        shop = await shop_by_id(unit, shop_id)
    if shop is None:
        raise NotFound("There is no such shop.")
    return shop
