"""Making a page: template, words and headers. Everything put into a page is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from app.web.site.security import policy
from app.web.site.static import versioned
from app.web.site.words import PageWords

# Pages reached by a link in a chat: kept by nobody, found by nobody.
PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["static"] = versioned


def _lines(text: str) -> Markup:
    """Text with its line breaks, everything else escaped."""
    return Markup("<br>").join(text.split("\n"))  # `join` escapes the parts


_environment.filters["lines"] = _lines


def page(
    template: str,
    words: PageWords,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    form_action: str = "'self'",
    **values: object,
) -> HTMLResponse:
    """The page of that template. `t` in it are the words."""
    text = _environment.get_template(template).render(t=words, lang=words.language, **values)
    named = {**PRIVATE, "content-security-policy": policy(form_action=form_action)}
    return HTMLResponse(text, status, {**named, **(headers or {})})


def notice(
    words: PageWords,
    key: str,
    *,
    status: int,
    shop: str = "",
    refresh: int | None = None,
    again: str | None = None,
    tone: str = "plain",
    footer: str = "",
    **values: object,
) -> HTMLResponse:
    """A page that says one thing and what to do. `key` names `<key>-title` and `<key>-text`.

    `refresh` is after how many seconds it looks again by itself, at `again` or where it is.
    """
    where = f"; url={again}" if again else ""
    headers = {"refresh": f"{refresh}{where}"} if refresh is not None else {}
    return page(
        "notice.html",
        words,
        status=status,
        headers=headers,
        title=words(f"{key}-title", **values),
        text=words(f"{key}-text", **values),
        waiting=refresh is not None,
        shop=shop,
        tone=tone,
        footer=footer,
    )
