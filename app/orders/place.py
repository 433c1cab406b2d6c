"""A cart becomes an order that awaits payment."""

from __future__ import annotations

from typing import Any

import msgspec

from app.catalog.hold import hold_for_order
from app.core.addresses import Address
from app.core.catalogue import ShippingRate, Shop
from app.core.dialog.wants import HoldRefused, OrderPlaced, OrderRefused, PlaceOrder
from app.core.errors import Conflict, NotFound, Rejected
from app.core.masking import mask_address
from app.core.money import Money
from app.core.ordering import order_number
from app.core.pricing import Quote, QuoteLine, find_variant, quote, rates_for
from app.db.unit import Unit
from app.members.address import load_address, use_address
from app.members.contact import Contact
from app.members.member import member_of
from app.orders.cancel import expire
from app.orders.order import Change, Line, Order
from app.orders.seal import Sealed, seal
from app.orders.store import book, trail


class _Buyer(msgspec.Struct, frozen=True):
    """Who buys, and what was given for this delivery."""

    contact: Contact
    private: Sealed

    @property
    def address(self) -> Address | None:
        return self.private.address


async def place(
    unit: Unit, shop: Shop, lane_id: str, contact: Contact, want: PlaceOrder
) -> OrderPlaced | OrderRefused:
    """Makes the order of this version of the lane's cart, at the prices of `shop`; its pieces are
    kept until `want.until`.

    One version makes at most one order: asked again, the order that stands is prolonged and
    answered. Refused, nothing is made or kept; an order whose pieces went meanwhile is expired.
    """
    standing = await book.by_cart(unit, shop.id, lane_id, want.cart_version)
    if standing is not None:
        return await _again(unit, standing, lane_id, want)
    buyer = await _buyer(unit, contact, want)
    priced = _priced(shop, buyer, want)
    if isinstance(priced, OrderRefused):
        return priced
    order_id = unit.ids.new("ord", unit.now)
    held = await hold_for_order(unit, shop.id, lane_id, order_id, want.lines, want.until)
    if isinstance(held, HoldRefused):
        return OrderRefused("sold-out", held.free)
    values = {
        "id": order_id,
        "number": order_number(await book.next_count(unit, shop.id)),
        "member_id": await member_of(unit, contact),
        **_values(unit, shop, lane_id, buyer, want, priced.total),
        **seal(unit.vault, contact, order_id, buyer.private),
    }
    if not await book.add(unit, values, [_line(shop, one) for one in priced.lines]):
        raise Conflict("This cart has just become an order. Look again.", code="order-state")
    change = Change("", "awaiting_payment", "shopper", f"cart {want.cart_version}", unit.now)
    await trail.note_change(unit, shop.id, order_id, change)
    return OrderPlaced(order_id, str(values["number"]), priced.total, want.until)


async def _again(
    unit: Unit, order: Order, lane_id: str, want: PlaceOrder
) -> OrderPlaced | OrderRefused:
    if order.state in ("cancelled", "expired"):
        return OrderRefused("changed")
    if order.state != "awaiting_payment":
        return OrderRefused("not-payable")
    until = max(want.until, order.pay_until)
    held = await hold_for_order(unit, order.shop_id, lane_id, order.id, order.pieces, until)
    if isinstance(held, HoldRefused):
        await expire(unit, order, "shopper", "its pieces were gone when it was to be paid")
        return OrderRefused("sold-out", held.free)
    await book.prolong(unit, order.shop_id, order.id, until)
    return OrderPlaced(order.id, order.number, order.total, until)


async def _buyer(unit: Unit, contact: Contact, want: PlaceOrder) -> _Buyer:
    if want.address_id is None or contact.data_key is None:
        return _Buyer(contact, Sealed())
    try:
        address, email = await load_address(unit, contact.shop_id, want.address_id)
    except NotFound:
        return _Buyer(contact, Sealed())
    await use_address(unit, contact.shop_id, want.address_id)
    return _Buyer(contact, Sealed(address, email))


def _priced(shop: Shop, buyer: _Buyer, want: PlaceOrder) -> Quote | OrderRefused:
    if want.provider not in shop.payments:
        return OrderRefused("not-payable")
    rate = _rate(shop, buyer, want)
    if isinstance(rate, OrderRefused):
        return rate
    try:
        priced = quote(want.lines, shop, rate)
    except Rejected:
        return OrderRefused("changed")  # something is not sold any more, or not that many
    return priced if priced.total.amount > 0 else OrderRefused("not-payable")


def _rate(shop: Shop, buyer: _Buyer, want: PlaceOrder) -> ShippingRate | OrderRefused | None:
    """The delivery asked for, if it reaches the address. A shop without rates delivers nothing."""
    if not shop.shipping:
        return None
    if buyer.address is None:
        return OrderRefused("no-address")
    reach = {rate.id: rate for rate in rates_for(shop, buyer.address.country)}
    return reach.get(want.shipping_id or "") or OrderRefused("no-delivery")


def _values(
    unit: Unit, shop: Shop, lane_id: str, buyer: _Buyer, want: PlaceOrder, total: Money
) -> dict[str, Any]:
    return {
        "shop_id": shop.id,
        "lane_id": lane_id,
        "cart_lane_id": lane_id,
        "cart_version": want.cart_version,
        "contact_id": buyer.contact.id,
        "state": "awaiting_payment",
        "currency": total.currency,
        "total": total.amount,
        "language": buyer.contact.language or shop.locale,
        "provider": want.provider,
        "shipping_id": want.shipping_id,
        "country": buyer.address.country if buyer.address else "",
        "address_label": mask_address(buyer.address) if buyer.address else "",
        "pay_until": want.until,
        "placed_at": unit.now,
        "changed_at": unit.now,
    }


def _line(shop: Shop, priced: QuoteLine) -> Line:
    """The line with its words fixed, in every language the shop has for them."""
    found = find_variant(shop, priced.variant_id)
    if found is None:
        named = [rate.name for rate in shop.shipping if rate.id == priced.shipping_id]
        return Line(priced.kind, priced.quantity, priced.unit, priced.amount, dict(named[0]))
    product, variant = found
    words = {}
    for language, title in product.title.items():
        chosen = [
            option.labels.get(value, {}).get(language, value)
            for option, value in zip(product.options, variant.values, strict=False)
        ]
        words[language] = f"{title} ({', '.join(chosen)})" if chosen else title
    return Line(
        priced.kind,
        priced.quantity,
        priced.unit,
        priced.amount,
        words,
        variant_id=variant.id,
        sku=variant.sku,
    )
