"""What the shop sees of the person on the phone: order, stock, membership."""

from __future__ import annotations

from typing import Any

import msgspec

from app.catalog.read import products_of
from app.core.catalogue import Shop
from app.core.loyalty import standing
from app.core.money import Money
from app.core.pricing import find_variant
from app.db.unit import Unit
from app.journal.write import entries_of
from app.members.contact import people
from app.orders.order import Filter, Order
from app.orders.read import history, list_orders
from app.payments.read import money_of
from app.web.play.social import picture_of, said_in

Json = dict[str, Any]
EARNED = ("paid", "shipped", "delivered")


async def order_view(unit: Unit, shop: Shop, lane_id: str | None, language: str) -> Json:
    """Where the conversation stands, and the order that came of it."""
    if lane_id is None:
        return {"scene": "", "cart": [], "held_until": None, "orders": []}
    state = await _state(unit, shop.id, lane_id)
    found = await list_orders(unit, shop.id, Filter(lane_id=lane_id), limit=5)
    orders = [await _order(unit, shop, order, language) for order in found.items]
    cart = [
        {"words": _variant(shop, line["variant_id"], language), "quantity": line["quantity"]}
        for line in state.get("cart", ())
    ]
    return {
        "scene": state.get("scene", ""),
        "cart": cart,
        "held_until": state.get("held_until"),
        "orders": orders,
    }


async def _state(unit: Unit, shop_id: str, lane_id: str) -> Json:
    """The dialog's state after its last step."""
    entries = await entries_of(unit, shop_id, lane_id)
    if not entries:
        return {}
    after: Json = msgspec.json.decode(entries[-1].body)["after"]
    return after


def _variant(shop: Shop, variant_id: str, language: str) -> str:
    found = find_variant(shop, variant_id)
    if found is None:
        return variant_id
    product, variant = found
    named = []
    for option, value in zip(product.options, variant.values, strict=False):
        labels = option.labels.get(value)
        named.append(said_in(labels, language) if labels else value)
    return " · ".join((said_in(product.title, language), *named))


async def _order(unit: Unit, shop: Shop, order: Order, language: str) -> Json:
    money = await money_of(unit, shop.id, order.id)
    moves = await history(unit, shop.id, order.id)
    currency = order.total.currency
    return {
        "id": order.id,
        "number": order.number,
        "state": order.state,
        "total": order.total.written(language),
        "address": order.address_label,
        "pay_until": order.pay_until.isoformat(),
        "lines": [
            {"words": line.text(language), "amount": Money(line.amount, currency).written(language)}
            for line in order.lines
        ],
        "payments": [
            {"provider": one.provider, "state": one.state, "kept": one.kept}
            for one in money.payments
        ],
        "refunds": [
            {"amount": one.money.written(language), "state": one.state} for one in money.refunds
        ],
        "moves": msgspec.to_builtins(moves),
    }


async def stock_view(unit: Unit, shop: Shop, language: str) -> list[Json]:
    """Every variant with what is on the shelf and what is kept for somebody."""
    shelves = []
    for product in await products_of(unit, shop.id):
        known = shop.products.get(product.id)
        if known is None:
            continue
        shelves.append(
            {
                "title": said_in(product.title, language),
                "picture": picture_of(known),
                "variants": [
                    {
                        "sku": one.sku,
                        "words": _variant(shop, one.id, language),
                        "price": shop.money(one.price).written(language),
                        "on_hand": one.on_hand,
                        "held": one.held,
                    }
                    for one in product.variants
                ],
            }
        )
    return shelves


async def member_view(unit: Unit, shop: Shop, lane_id: str | None, language: str) -> Json:
    """Points and tier of the person, with how far the next one is."""
    if lane_id is None:
        return {"known": False}
    met = (await people(unit, shop, [lane_id])).get(lane_id)
    if met is None:
        return {"known": False}
    orders = await list_orders(unit, shop.id, Filter(lane_id=lane_id), limit=20)
    spent = sum(one.goods.amount for one in orders.items if one.state in EARNED)
    reached = standing(spent, shop.membership)
    tiers = shop.membership.tiers if shop.membership else ()
    return {
        "known": True,
        "name": met.person.name,
        "points": met.person.points,
        "tier": met.person.tier,
        "spent": shop.money(spent).written(language),
        "next": reached.next_tier.name if reached.next_tier else None,
        "to_next": shop.money(reached.to_next).written(language) if reached.to_next else None,
        "share": _share(spent, [tier.threshold for tier in tiers]),
        "addresses": [one.label for one in met.person.addresses],
        "orders": [
            {
                "number": one.number,
                "state": one.state,
                "total": one.total.written(language),
                "placed_at": one.placed_at.isoformat(),
            }
            for one in orders.items
        ],
    }


def _share(spent: int, thresholds: list[int]) -> float:
    """How far along from this tier to the next, 0 to 1."""
    above = next((x for x in thresholds if x > spent), None)
    below = max((x for x in thresholds if x <= spent), default=0)
    return 1.0 if above is None else (spent - below) / (above - below)
