"""From the cart to an order that can be paid: placing, with the provider's pages kept in step."""

from __future__ import annotations

from app.core.catalogue import Shop
from app.core.dialog.wants import OrderPlaced, OrderRefused, PlaceOrder
from app.db.unit import Unit
from app.members.contact import Contact
from app.orders.place import place
from app.orders.take import order_of_cart
from app.payments import store
from app.payments.close import close_all
from app.payments.leave import leave


async def check_out(
    unit: Unit, shop: Shop, lane_id: str, contact: Contact, want: PlaceOrder
) -> OrderPlaced | OrderRefused:
    """Places the order of this cart version; unpaid orders of other versions are given up first.

    A cart that changed voids what was ordered from the older one: its page closes and its pieces
    are free for the new order.
    """
    await leave(unit, shop, lane_id, but=want.cart_version)
    placed = await place(unit, shop, lane_id, contact, want)
    if isinstance(placed, OrderRefused):
        # An order that stood and could not be prolonged has just ended: its page has to go too.
        ended = await order_of_cart(unit, shop.id, lane_id, want.cart_version)
        if ended is not None:
            await close_all(unit, await store.of_order(unit, shop.id, ended.id, lock=True))
    return placed
