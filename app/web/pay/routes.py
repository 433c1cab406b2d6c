"""`/pay/{token}`: a GET shows and changes nothing, a POST asks to pay."""

from __future__ import annotations

from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.errors import Rejected, Unavailable
from app.core.inbound import PayRequested
from app.web.context import Context, context_of
from app.web.pay.cart import shown_of
from app.web.pay.session import page_of_provider
from app.web.pay.standing import Standing, standing_of
from app.web.site.asked import Outcome, ask, nonce_in, outcome_of
from app.web.site.forms import read_form
from app.web.site.linked import Linked, linked, unknown
from app.web.site.pages import page

router = APIRouter(include_in_schema=False)

Given = Annotated[Context, Depends(context_of)]
Languages = Annotated[str, Header(alias="accept-language")]

LOOK_AGAIN = 2  # seconds until a waiting page looks again
HOLD_LINE = 3.0  # seconds such a look may take
# Outcomes of a press that have a page of their own, each a state of things: 409.
REFUSALS = frozenset(
    {"changed", "sold-out", "no-address", "no-delivery", "not-payable", "expired", "cancelled"}
)


@router.get("/pay/{token}")
async def show(token: str, context: Given, languages: Languages = "") -> Response:
    """What is bought and what it costs."""
    found = await linked(context, "pay", token)
    if found is None:
        return unknown(languages)
    standing = await standing_of(context, found)
    if standing.what != "open":
        return _closed(found, standing, 200 if standing.what in ("paid", "refunded") else 410)
    return _bill(context, found, token)


@router.post("/pay/{token}")
async def press(
    token: str, request: Request, context: Given, languages: Languages = ""
) -> Response:
    """A method was chosen: the order is placed and the provider's page opened."""
    found = await linked(context, "pay", token)
    if found is None:
        return unknown(languages)
    standing = await standing_of(context, found)
    if standing.what != "open":
        gone = standing.what in ("expired", "voided")
        return _closed(found, standing, 410 if gone else 409)
    try:
        form = await read_form(request)
        provider = form.get("provider", "")
        if provider not in shown_of(found).providers:
            return found.says("link.provider", status=422, tone="bad")
        begun = monotonic()
        event = PayRequested(found.link.id, found.link.cart_version, provider)
        inbox_id = await ask(context, found.link, nonce_in(form, context), event)
        return await _follow(context, found, token, inbox_id, context.settings.wait_seconds, begun)
    except Rejected:
        return found.says("common.trouble", status=422, tone="bad")
    except Unavailable as error:
        busy = found.says("common.busy", status=503, tone="bad")
        busy.headers["retry-after"] = str(max(1, round(error.after)))
        return busy


@router.get("/pay/{token}/wait")
async def wait(token: str, context: Given, languages: Languages = "") -> Response:
    """The page of a press whose outcome takes longer; it looks again by itself."""
    found = await linked(context, "pay", token)
    if found is None:
        return unknown(languages)
    if found.link.inbox_id is None:
        return RedirectResponse(f"/pay/{token}", 303)
    return await _follow(context, found, token, found.link.inbox_id, HOLD_LINE, monotonic())


async def _follow(
    context: Context,
    found: Linked,
    token: str,
    inbox_id: int | None,
    patience: float,
    begun: float,
) -> Response:
    """Waits for the outcome, then for the provider's page; goes there, or says why not."""
    outcome = await outcome_of(context, inbox_id, patience)
    if outcome is None:
        return _moment(found, token)
    if outcome.get("code") != "placed":
        return await _refused(context, found, outcome)
    left = patience - (monotonic() - begun)
    place = await page_of_provider(context, found.link.shop_id, outcome["order_id"], left)
    if place.url is not None:
        return RedirectResponse(place.url, 303)
    standing = await standing_of(context, found)
    if standing.what not in ("open", "voided"):
        return _closed(found, standing, 409)
    if place.failed:
        return found.says("link.not-payable", status=409, tone="bad")
    return _moment(found, token)


def _moment(found: Linked, token: str) -> Response:
    again = f"/pay/{token}/wait"
    return found.says("link.moment", status=202, refresh=LOOK_AGAIN, again=again)


async def _refused(context: Context, found: Linked, outcome: Outcome) -> Response:
    code = outcome.get("code", "")
    if code == "paid":
        standing = await standing_of(context, found)
        if standing.order is not None:
            return _closed(found, standing, 409)
        code = "changed"
    if code in REFUSALS:
        return found.says(f"link.{code}", status=409, tone="bad")
    # Set aside with an error, or worked off by a conversation that a person of the shop leads.
    status = 503 if code == "parked" else 409
    return found.says("link.not-payable", status=status, tone="bad")


def _closed(found: Linked, standing: Standing, status: int) -> Response:
    """The page of a link that nothing can be paid through any more."""
    order = standing.order
    if order is not None and standing.what in ("paid", "refunded"):
        key = "paid.already" if standing.what == "paid" else "paid.refunded"
        total = order.total.written(found.words.language)
        return found.says(key, status=status, tone="good", number=order.number, total=total)
    return found.says(f"link.{standing.what}", status=status)


def _bill(context: Context, found: Linked, token: str) -> Response:
    shown = shown_of(found)
    if not shown.providers:
        return found.says("pay.none", status=409)
    # A form's answer leads to the provider: browsers count that as the form's action.
    outside = "'self' https:" if context.settings.production else "'self' https: http:"
    return page(
        "pay.html",
        found.words,
        form_action=outside,
        shop=found.shop.name,
        footer=found.footer,
        cart=shown,
        now=found.now,
        token=token,
        nonce=context.engine.ids.token(),
    )
