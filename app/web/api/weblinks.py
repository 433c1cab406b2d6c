"""Addresses that a merchant gives and shoppers' phones will open."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from app.web.api.caller import Caller
from app.web.problems import BadForm

ADVICE = "must begin with https:// and name a public host"


def check_link(caller: Caller, field: str, url: str | None) -> None:
    """Raises `BadForm` in production for an address that is not https or not public.

    Nothing is looked up: whoever fetches an address checks where it leads.
    """
    if url is None or not caller.context.settings.production:
        return
    parts = urlsplit(url)
    if parts.scheme != "https" or not _public(parts.hostname or ""):
        raise BadForm([(field, ADVICE)])


def _public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.rstrip(".") and not host.endswith((".local", ".internal", ".localhost"))
