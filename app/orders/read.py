"""Orders for those who only look: pages, lists, the dialog."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.core.addresses import Address
from app.core.dialog.facts import KnownOrder
from app.core.money import Money
from app.core.ordering import OrderState
from app.db.unit import Unit
from app.orders.order import Bill, Change, Filter, Fulfilment, Order
from app.orders.seal import Sealed, open_sealed
from app.orders.store import book, trail

KNOWN = 5  # orders of a person that the dialog is told of


class Page(msgspec.Struct, frozen=True):
    """Some orders, newest first, and where to go on (None: that was all)."""

    items: tuple[Order, ...]
    next_cursor: str | None


class Detail(msgspec.Struct, frozen=True):
    """All that a merchant may see of an order."""

    order: Order
    history: tuple[Change, ...]
    fulfilments: tuple[Fulfilment, ...]
    address: Address | None
    email: str | None


class SummaryLine(msgspec.Struct, frozen=True):
    """A line as the payment page shows it."""

    text: str
    quantity: int
    unit: Money
    amount: Money


class Summary(msgspec.Struct, frozen=True):
    """What whoever holds the payment link may see: nothing that says who or where in full."""

    number: str
    state: OrderState
    lines: tuple[SummaryLine, ...]
    total: Money
    address_label: str
    pay_until: datetime
    language: str


async def order_by_id(unit: Unit, shop_id: str, order_id: str) -> Order | None:
    """The order of that id, None when the shop has none."""
    return await book.by_id(unit, shop_id, order_id)


async def order_by_number(unit: Unit, shop_id: str, number: str) -> Order | None:
    """The order people call by that number, in any case of letters."""
    return await book.by_number(unit, shop_id, number)


async def list_orders(
    unit: Unit, shop_id: str, wanted: Filter, *, cursor: str | None = None, limit: int = 50
) -> Page:
    """At most `limit` orders (100 at the most) that fit, going on after `cursor`."""
    limit = max(1, min(limit, 100))
    found = await book.page(unit, shop_id, wanted, cursor, limit + 1)
    more = len(found) > limit
    return Page(tuple(found[:limit]), found[limit - 1].id if more else None)


async def orders_of_lanes(
    unit: Unit, shop_id: str, lane_ids: Sequence[str]
) -> dict[str, tuple[KnownOrder, ...]]:
    """The last orders of each lane, newest first, at most five each, in three queries."""
    if not lane_ids:
        return {}
    newest = await book.newest_ids(unit, shop_id, lane_ids, KNOWN)
    if not newest:
        return {}
    orders = await book.by_ids(unit, shop_id, newest)
    travels = await trail.fulfilments(unit, shop_id, newest)
    known: dict[str, tuple[KnownOrder, ...]] = {}
    for order in orders:
        entry = _known(order, travels.get(order.id, ()))
        known[order.lane_id] = (*known.get(order.lane_id, ()), entry)
    return known


def _known(order: Order, travels: Sequence[Fulfilment]) -> KnownOrder:
    last = travels[-1] if travels else None
    return KnownOrder(
        id=order.id,
        number=order.number,
        state=order.state,
        total=order.total,
        placed_at=order.placed_at,
        lines=order.texts,
        carrier=last.carrier if last else "",
        tracking=last.tracking if last else "",
        tracking_url=last.tracking_url if last else None,
    )


async def history(unit: Unit, shop_id: str, order_id: str) -> tuple[Change, ...]:
    """Every move of an order, oldest first."""
    return await trail.changes(unit, shop_id, order_id)


async def sealed_of(unit: Unit, shop_id: str, order_id: str) -> Sealed:
    """Address and e-mail of an order in the clear; empty where erased or never given."""
    row = await book.sealed(unit, shop_id, order_id)
    return Sealed() if row is None else await open_sealed(unit, shop_id, order_id, row)


async def order_detail(unit: Unit, shop_id: str, order_id: str) -> Detail | None:
    """All of one order, for the shop's own people."""
    order = await order_by_id(unit, shop_id, order_id)
    if order is None:
        return None
    private = await sealed_of(unit, shop_id, order_id)
    travels = await trail.fulfilments(unit, shop_id, [order_id])
    return Detail(
        order=order,
        history=await history(unit, shop_id, order_id),
        fulfilments=travels.get(order_id, ()),
        address=private.address,
        email=private.email,
    )


def summary_of(order: Order, language: str | None = None) -> Summary:
    """The order as the payment page shows it."""
    language = language or order.language
    currency = order.total.currency
    lines = tuple(
        SummaryLine(
            line.text(language),
            line.quantity,
            Money(line.unit, currency),
            Money(line.amount, currency),
        )
        for line in order.lines
    )
    return Summary(
        number=order.number,
        state=order.state,
        lines=lines,
        total=order.total,
        address_label=order.address_label,
        pay_until=order.pay_until,
        language=language,
    )


async def overdue(unit: Unit, before: datetime, limit: int) -> list[tuple[str, str, str]]:
    """(shop id, lane id, order id) of orders unpaid although their time ended before `before`."""
    return await book.overdue(unit, before, limit)


async def bills(unit: Unit) -> list[Bill]:
    """Every order of every shop, in short."""
    return await book.bills(unit)
