"""A page that was reached by a link in a chat: whose link it is, and in which words to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_time, get_timezone
from starlette.responses import Response

from app.conversations.links import Link, link_of
from app.core.errors import NotFound
from app.db.unit import Unit
from app.merchants.read import ShopRow, shop_by_id
from app.web.context import Context
from app.web.site.accept import accepted
from app.web.site.pages import notice
from app.web.site.words import PageWords

LONGEST_TOKEN = 400  # characters; ours have about 80


@dataclass(frozen=True)
class Linked:
    """A link with its shop. It may have run out or been replaced by a newer one."""

    link: Link
    shop: ShopRow
    words: PageWords
    now: datetime

    @property
    def over(self) -> bool:
        """Has its time passed?"""
        return self.now >= self.link.expires_at

    def clock(self, moment: datetime) -> str:
        """The time of day in the shop's zone, as the shopper writes it."""
        zone = get_timezone(self.shop.timezone)
        # As in the chat: 14:20 in Korean, 2:20 PM in English.
        written = "HH:mm" if self.words.language == "ko" else "short"
        return format_time(moment, written, tzinfo=zone, locale=self.words.language)

    @property
    def footer(self) -> str:
        """Who sells: as the shop worded it, its name at least."""
        return self.words("common.seller") or self.shop.name

    def says(
        self,
        key: str,
        *,
        status: int,
        refresh: int | None = None,
        again: str | None = None,
        tone: str = "plain",
        **values: object,
    ) -> Response:
        """A page that says one thing, in the shop's name."""
        return notice(
            self.words, key, status=status, shop=self.shop.name, footer=self.footer,
            refresh=refresh, again=again, tone=tone, **values,
        )  # fmt: skip


def words_for(shop: ShopRow, language: str) -> PageWords:
    """The page's words in that language, with the shop's own in their place."""
    return PageWords(language, shop.settings.wording.get(language))


async def linked_in(unit: Unit, purpose: str, token: str) -> Linked | None:
    """The link of that token, None when it is not ours."""
    try:
        link = await link_of(unit, purpose, token[:LONGEST_TOKEN])
    except NotFound:
        return None
    shop = await shop_by_id(unit, link.shop_id)
    if shop is None:
        return None
    language = str(link.body.get("language") or shop.locale)
    return Linked(link, shop, words_for(shop, language), unit.now)


async def linked(context: Context, purpose: str, token: str) -> Linked | None:
    """The same in a transaction of its own."""
    async with context.engine.read() as unit:
        return await linked_in(unit, purpose, token)


def unknown(accept_language: str) -> Response:
    """Nothing of ours stands at that address."""
    return notice(PageWords(accepted(accept_language)), "common.unknown", status=404)
