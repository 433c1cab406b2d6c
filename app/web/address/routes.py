"""`/address/{token}`: a GET shows the form, a POST sends it into the chat it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.errors import Rejected, Unavailable
from app.core.inbound import AddressFilled
from app.core.postal import COUNTRIES
from app.web.address.check import check, tidy
from app.web.address.fields import country_in, fields_of, label_of
from app.web.context import Context, context_of
from app.web.site.asked import ask, nonce_in, outcome_of
from app.web.site.forms import read_form
from app.web.site.linked import Linked, linked, unknown
from app.web.site.pages import page

router = APIRouter(include_in_schema=False)

Given = Annotated[Context, Depends(context_of)]
Languages = Annotated[str, Header(alias="accept-language")]
LOOK_AGAIN = 2  # seconds until a waiting page looks again
HOLD_LINE = 3.0
REFUSALS = frozenset({"no-delivery"})


@router.get("/address/{token}")
async def show(
    token: str, context: Given, country: str = "", languages: Languages = ""
) -> Response:
    """The empty form, in the shape of one country."""
    found = await linked(context, "address", token)
    if found is None:
        return unknown(languages)
    closed = _closed(found)
    if closed is not None:
        return closed
    return _form(context, found, token, country_in(country, _home(found)), {}, {})


@router.post("/address/{token}")
async def send(token: str, request: Request, context: Given, languages: Languages = "") -> Response:
    """What was typed: into the chat when it is right, back with what is wrong when it is not."""
    found = await linked(context, "address", token)
    if found is None:
        return unknown(languages)
    closed = _closed(found)
    if closed is not None:
        return closed
    try:
        form = await read_form(request)
        return await _take(context, found, token, form)
    except Rejected:
        return found.says("common.trouble", status=422, tone="bad")
    except Unavailable as error:
        busy = found.says("common.busy", status=503, tone="bad")
        busy.headers["retry-after"] = str(max(1, round(error.after)))
        return busy


async def _take(context: Context, found: Linked, token: str, form: dict[str, str]) -> Response:
    given = form.get("country", _home(found))
    country = country_in(given, _home(found))
    if "switch" in form:  # another country was chosen where no script runs
        return _form(context, found, token, country, form, {})
    checked = check(form, country)
    errors = checked.errors
    if given not in COUNTRIES:
        errors = {"country": "bad-country", **errors}
    if errors:
        return _form(context, found, token, country, form, errors)
    event = AddressFilled(found.link.id, checked.address, checked.email)
    inbox_id = await ask(context, found.link, nonce_in(form, context), event)
    outcome = await outcome_of(context, inbox_id, context.settings.wait_seconds)
    if outcome is None:
        return RedirectResponse(f"/address/{token}/sent", 303)
    return _sent(found, token, outcome)


@router.get("/address/{token}/sent")
async def sent(token: str, context: Given, languages: Languages = "") -> Response:
    """What became of the form; looks again by itself while nothing has."""
    found = await linked(context, "address", token)
    if found is None:
        return unknown(languages)
    if found.link.inbox_id is None:
        return RedirectResponse(f"/address/{token}", 303)
    outcome = await outcome_of(context, found.link.inbox_id, HOLD_LINE)
    return _sent(found, token, outcome)


def _sent(found: Linked, token: str, outcome: Mapping[str, str] | None) -> Response:
    if outcome is None:
        again = f"/address/{token}/sent"
        return found.says("address.moment", status=202, refresh=LOOK_AGAIN, again=again)
    code = outcome.get("code", "")
    if code == "parked":
        return found.says("common.trouble", status=503, tone="bad")
    if code in REFUSALS:
        return found.says(f"address.{code}", status=409, tone="bad")
    return found.says("address.done", status=200, tone="good")


def _closed(found: Linked) -> Response | None:
    """The page of a form that can no longer be sent, None for one that can."""
    if found.link.voided:
        return found.says("address.voided", status=410)
    return found.says("address.expired", status=410) if found.over else None


def _home(found: Linked) -> str:
    return str(found.link.body.get("country") or found.shop.country)


def _form(
    context: Context,
    found: Linked,
    token: str,
    country: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    words = found.words
    rows = [
        {
            "field": field,
            "label": label_of(words, field, country),
            "value": tidy(typed.get(field.name, ""))[: field.longest],
            "error": words(f"address.{errors[field.name]}") if field.name in errors else "",
        }
        for field in fields_of(country)
    ]
    return page(
        "address.html",
        words,
        status=422 if errors else 200,
        shop=found.shop.name,
        footer=found.footer,
        token=token,
        nonce=nonce_in(dict(typed), context),
        country=country,
        countries=COUNTRIES,
        rows=rows,
        errors=errors,
    )
