"""Where a payment link stands now: still to be paid, paid, run out, replaced."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.ordering import OrderState
from app.orders.order import Filter, Order
from app.orders.read import list_orders, order_by_id
from app.web.context import Context
from app.web.site.asked import outcome_of
from app.web.site.linked import Linked

PAID: frozenset[OrderState] = frozenset({"paid", "shipped", "delivered"})


@dataclass(frozen=True)
class Standing:
    """`what`: open, paid, refunded, cancelled, expired or voided. There may be no order yet."""

    what: str
    order: Order | None = None


async def standing_of(context: Context, linked: Linked) -> Standing:
    """Looks up what became of the cart that this link is for."""
    order = await _order(context, linked)
    if order is not None:
        if order.state in PAID:
            return Standing("paid", order)
        if order.state in ("refunded", "cancelled"):
            return Standing(order.state, order)
        if order.state == "expired":
            return Standing("expired", order)
    if linked.link.voided:
        return Standing("voided", order)
    return Standing("expired" if linked.over else "open", order)


async def _order(context: Context, linked: Linked) -> Order | None:
    """The order of this version of the cart: one at the most."""
    link = linked.link
    outcome = await outcome_of(context, link.inbox_id, 0) or {}
    async with context.engine.read() as unit:
        if "order_id" in outcome:
            return await order_by_id(unit, link.shop_id, outcome["order_id"])
        placed = await list_orders(unit, link.shop_id, Filter(lane_id=link.lane_id))
    made = (one for one in placed.items if one.cart_version == link.cart_version)
    return next(made, None)
