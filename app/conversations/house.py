"""What a turn needs besides its transaction: rules, words, addresses of pages, the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from app.catalog.read import ShopCache
from app.conversations.render import Renderer
from app.core.catalogue import Shop
from app.core.outbound import Limits
from app.db.unit import Unit
from app.journal.write import keep_snapshot


@dataclass(frozen=True)
class Pages:
    """Where our own pages are. `public_url` has no slash at its end."""

    public_url: str

    def pay(self, token: str) -> str:
        """The payment page."""
        return f"{self.public_url}/pay/{token}"

    def address(self, token: str) -> str:
        """The address form."""
        return f"{self.public_url}/address/{token}"

    def notify(self, provider: str, account: str) -> str:
        """Where a payment provider posts its webhooks."""
        return f"{self.public_url}/hooks/pay/{provider}/{account}"

    def paid(self, token: str) -> str:
        """Where a provider sends the shopper back to."""
        return f"{self.public_url}/pay/{token}/return"


@dataclass(frozen=True)
class House:
    """Everything around the core that does not change between turns."""

    limits: Mapping[str, Limits]
    renderer: Renderer
    pages: Pages
    shops: ShopCache = field(default_factory=ShopCache)
    _kept: set[tuple[str, int]] = field(default_factory=set)

    def limits_of(self, channel: str) -> Limits:
        """A channel's rules; the most cautious ones when the channel is not known."""
        return self.limits.get(channel) or Limits(text=600)

    async def shop(self, unit: Unit, shop_id: str) -> Shop:
        """The shop at its present version, kept once for the journal's sake."""
        shop = await self.shops.get(unit, shop_id)
        if (shop_id, shop.version) not in self._kept:
            await keep_snapshot(unit, shop_id, shop.version, msgspec.json.encode(shop))
            self._kept.add((shop_id, shop.version))
        return shop
