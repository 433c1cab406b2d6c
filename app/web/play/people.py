"""Who plays the shopper: somebody new each time, or somebody who has bought here before."""

from __future__ import annotations

from app.core.ids import Chance
from app.core.ordering import OrderState
from app.db.unit import Unit
from app.inbox.bind import lane_at
from app.orders.order import Filter
from app.orders.read import list_orders
from app.web.play.stage import Stage

NAMES = ("mina.k", "haneul_", "jun.seo", "sora.hh", "minho_c", "yuna.day", "dami.o", "tae.rin")
BOUGHT: frozenset[OrderState] = frozenset({"paid", "shipped", "delivered"})


class Cast:
    """The people of this playground. `met` are their ids by name, the newest last."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.met: dict[str, str] = {}

    def newcomer(self) -> tuple[str, str]:
        """Somebody who has never been here: a platform's id, and the name under their comments."""
        person = f"61{self._chance.bits(50) % 10**14:014d}"
        name = NAMES[len(self.met) % len(NAMES)]
        if len(self.met) >= len(NAMES):
            name = f"{name}{len(self.met)}"
        self.met[person] = name
        return person, name

    async def regular(self, unit: Unit, stage: Stage, shop_id: str) -> tuple[str, str] | None:
        """The last one who has bought something, None when nobody has yet."""
        for person, name in reversed(self.met.items()):
            lane_id = await lane_at(unit, shop_id, stage.address_of(person))
            if lane_id is None:
                continue
            orders = await list_orders(unit, shop_id, Filter(lane_id=lane_id))
            if any(one.state in BOUGHT for one in orders.items):
                return person, name
        return None
