"""The SQL of orders and their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update

from app.core.money import Money
from app.core.ordering import OrderState
from app.db.unit import Unit
from app.orders.models import order_counter, order_line, shop_order
from app.orders.order import Bill, Filter, Line, Order

CART = ("shop_id", "cart_lane_id", "cart_version")
_shown = (
    shop_order.c.id, shop_order.c.shop_id, shop_order.c.number, shop_order.c.lane_id,
    shop_order.c.contact_id, shop_order.c.member_id, shop_order.c.cart_version,
    shop_order.c.state, shop_order.c.total, shop_order.c.currency, shop_order.c.language,
    shop_order.c.provider, shop_order.c.country, shop_order.c.address_label,
    shop_order.c.pay_until, shop_order.c.placed_at, shop_order.c.changed_at, shop_order.c.paid_at,
)  # fmt: skip


def _order(row: Row[Any], lines: Sequence[Line]) -> Order:
    return Order(
        id=row.id,
        shop_id=row.shop_id,
        number=row.number,
        lane_id=row.lane_id,
        contact_id=row.contact_id,
        member_id=row.member_id,
        cart_version=row.cart_version,
        state=row.state,
        total=Money(row.total, row.currency),
        language=row.language,
        provider=row.provider,
        country=row.country,
        address_label=row.address_label,
        pay_until=row.pay_until,
        placed_at=row.placed_at,
        changed_at=row.changed_at,
        paid_at=row.paid_at,
        lines=tuple(lines),
    )


async def _find(
    unit: Unit,
    shop_id: str,
    *where: ColumnElement[bool],
    limit: int | None = None,
    lock: bool = False,
) -> list[Order]:
    """Orders of a shop, newest first, with their lines."""
    statement = (
        select(*_shown)
        .where(shop_order.c.shop_id == shop_id, *where)
        .order_by(shop_order.c.id.desc())
        .limit(limit)
    )
    rows = await unit.rows(statement.with_for_update() if lock else statement)
    lines = await _lines(unit, shop_id, [row.id for row in rows])
    return [_order(row, lines.get(row.id, ())) for row in rows]


async def by_id(unit: Unit, shop_id: str, order_id: str, *, lock: bool = False) -> Order | None:
    """The order of that id; locked until the transaction ends."""
    found = await _find(unit, shop_id, shop_order.c.id == order_id, lock=lock)
    return found[0] if found else None


async def by_number(unit: Unit, shop_id: str, number: str) -> Order | None:
    """The order people call by that number."""
    found = await _find(unit, shop_id, shop_order.c.number == _written(number))
    return found[0] if found else None


async def by_cart(unit: Unit, shop_id: str, lane_id: str, cart_version: int) -> Order | None:
    """The order of that version of a lane's cart, locked."""
    found = await _find(
        unit,
        shop_id,
        shop_order.c.cart_lane_id == lane_id,
        shop_order.c.cart_version == cart_version,
        lock=True,
    )
    return found[0] if found else None


async def by_ids(unit: Unit, shop_id: str, order_ids: Sequence[str]) -> list[Order]:
    """Those orders, newest first."""
    return await _find(unit, shop_id, shop_order.c.id.in_(order_ids))


async def awaiting(unit: Unit, shop_id: str, lane_id: str) -> list[Order]:
    """The orders of a lane that await payment, locked."""
    return await _find(
        unit,
        shop_id,
        shop_order.c.lane_id == lane_id,
        shop_order.c.state == "awaiting_payment",
        lock=True,
    )


async def page(
    unit: Unit, shop_id: str, wanted: Filter, cursor: str | None, limit: int
) -> list[Order]:
    """Orders that fit, older than `cursor`."""
    where = _conditions(wanted)
    if cursor:
        where.append(shop_order.c.id < cursor)
    return await _find(unit, shop_id, *where, limit=limit)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    equal = {
        shop_order.c.state: wanted.state,
        shop_order.c.number: _written(wanted.number) if wanted.number else None,
        shop_order.c.lane_id: wanted.lane_id,
        shop_order.c.contact_id: wanted.contact_id,
        shop_order.c.member_id: wanted.member_id,
    }
    where = [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        where.append(shop_order.c.placed_at >= wanted.since)
    if wanted.until is not None:
        where.append(shop_order.c.placed_at < wanted.until)
    return where


def _written(number: str) -> str:
    return number.strip().upper()


async def _lines(
    unit: Unit, shop_id: str, order_ids: Sequence[str]
) -> Mapping[str, Sequence[Line]]:
    if not order_ids:
        return {}
    rows = await unit.rows(
        select(order_line)
        .where(order_line.c.shop_id == shop_id, order_line.c.order_id.in_(order_ids))
        .order_by(order_line.c.order_id, order_line.c.position)
    )
    lines: dict[str, list[Line]] = {}
    for row in rows:
        line = Line(
            kind=row.kind,
            quantity=row.quantity,
            unit=row.unit,
            amount=row.amount,
            words=row.words,
            variant_id=row.variant_id,
            sku=row.sku,
        )
        lines.setdefault(row.order_id, []).append(line)
    return lines


async def next_count(unit: Unit, shop_id: str) -> int:
    """Counts one order more: 1, 2, … for each shop, without a gap that outlives a rollback."""
    await unit.insert_once(order_counter, {"shop_id": shop_id, "count": 0}, ("shop_id",))
    return int(
        await unit.value(
            update(order_counter)
            .where(order_counter.c.shop_id == shop_id)
            .values(count=order_counter.c.count + 1)
            .returning(order_counter.c.count)
        )
    )


async def add(unit: Unit, values: Mapping[str, Any], lines: Sequence[Line]) -> bool:
    """Writes an order and its lines; false when this version of the cart has its order already."""
    if await unit.insert_once(shop_order, values, CART) is None:
        return False
    owner = {"shop_id": values["shop_id"], "order_id": values["id"]}
    rows = [
        {
            **owner,
            "position": position,
            "kind": line.kind,
            "variant_id": line.variant_id,
            "sku": line.sku,
            "words": line.words,
            "quantity": line.quantity,
            "unit": line.unit,
            "amount": line.amount,
        }
        for position, line in enumerate(lines)
    ]
    await unit.run(order_line.insert(), rows)
    return True


async def change_state(
    unit: Unit, shop_id: str, order_id: str, before: OrderState, after: OrderState
) -> bool:
    """Moves the order if it is still in the state it is thought to be in."""
    values: dict[str, Any] = {"state": after, "changed_at": unit.now}
    if after == "paid":
        values["paid_at"] = unit.now
    changed = await unit.run(
        update(shop_order)
        .where(
            shop_order.c.shop_id == shop_id,
            shop_order.c.id == order_id,
            shop_order.c.state == before,
        )
        .values(**values)
    )
    return changed == 1


async def prolong(unit: Unit, shop_id: str, order_id: str, until: datetime) -> None:
    """The order may be paid until then."""
    await unit.run(
        update(shop_order)
        .where(shop_order.c.shop_id == shop_id, shop_order.c.id == order_id)
        .values(pay_until=until)
    )


async def repoint(unit: Unit, shop_id: str, from_lane: str, to_lane: str) -> int:
    """Gives all orders of one lane to another; how many there were."""
    return await unit.run(
        update(shop_order)
        .where(shop_order.c.shop_id == shop_id, shop_order.c.lane_id == from_lane)
        .values(lane_id=to_lane)
    )


async def sealed(unit: Unit, shop_id: str, order_id: str) -> Row[Any] | None:
    """The sealed columns: contact_id, address, email, phone."""
    return await unit.row(
        select(
            shop_order.c.contact_id, shop_order.c.address, shop_order.c.email, shop_order.c.phone
        ).where(shop_order.c.shop_id == shop_id, shop_order.c.id == order_id)
    )


async def overdue(unit: Unit, before: datetime, limit: int) -> list[tuple[str, str, str]]:
    """(shop id, lane id, order id) of what awaits payment although its time is over."""
    rows = await unit.rows(
        select(shop_order.c.shop_id, shop_order.c.lane_id, shop_order.c.id)
        .where(shop_order.c.state == "awaiting_payment", shop_order.c.pay_until < before)
        .order_by(shop_order.c.pay_until)
        .limit(limit)
    )
    return [(row.shop_id, row.lane_id, row.id) for row in rows]


async def newest_ids(unit: Unit, shop_id: str, lane_ids: Sequence[str], per_lane: int) -> list[str]:
    """Ids of the newest orders of each lane."""
    turn = func.row_number().over(
        partition_by=shop_order.c.lane_id, order_by=shop_order.c.id.desc()
    )
    ranked = (
        select(shop_order.c.id, turn.label("turn"))
        .where(shop_order.c.shop_id == shop_id, shop_order.c.lane_id.in_(lane_ids))
        .subquery()
    )
    return [row.id for row in await unit.rows(select(ranked.c.id).where(ranked.c.turn <= per_lane))]


async def bills(unit: Unit) -> list[Bill]:
    """Every order in short, of all shops."""
    rows = await unit.rows(
        select(
            shop_order.c.id, shop_order.c.state, shop_order.c.total, shop_order.c.currency
        ).order_by(shop_order.c.id)
    )
    return [Bill(row.id, row.state, row.total, row.currency) for row in rows]
