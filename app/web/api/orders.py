"""Orders: what was bought, what became of it, and what a merchant does with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.inbound import AnyEvent, CancelAsked, RefundAsked, ShipmentMarked
from app.core.ordering import OrderState
from app.db.unit import Unit
from app.members.pages import ContactRow, contacts_by_id
from app.orders.order import Filter, Order
from app.orders.read import list_orders as read_orders
from app.orders.read import order_by_id
from app.web.api.answers import listed
from app.web.api.asking import ask
from app.web.api.caller import Caller, Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.events import shown_event
from app.web.api.ordershapes import OrderOut, OrderPage, OrderRowOut, order_row, whole_order
from app.web.api.shapes import Asked, Form, Name, OneId, Text, Url
from app.web.api.weblinks import check_link

endpoints = Endpoints("orders")
LIST = "orders"
PORTION = 100
LOOKS = 20  # portions looked through for one answer when most are of another channel

Id = Annotated[OneId, Path(examples=["ord_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]
Number = Annotated[Asked | None, Query(examples=["4K-219"])]
Channel = Annotated[Asked | None, Query(examples=["instagram"])]
Since = Annotated[
    AwareDatetime | None,
    Query(description="Placed at or after.", examples=["2026-11-01T00:00:00Z"]),
]
Until = Annotated[
    AwareDatetime | None, Query(description="Placed before.", examples=["2026-12-01T00:00:00Z"])
]
Reason = Annotated[Text, Field(max_length=500, examples=["The shopper asked for it."])]


class ReasonForm(Form):
    """Why; it is kept with the order."""

    reason: Reason = ""


class ShipmentForm(Form):
    """How the order travels. The same again changes nothing; another corrects it."""

    carrier: Name = Field(examples=["CJ Logistics"])
    tracking: Name = Field(examples=["612345678901"])
    tracking_url: Url | None = Field(default=None, examples=["https://track.example/612345678901"])


@endpoints.get("/orders", OrderPage, "orders:read")
async def list_orders(
    caller: Calling,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: OrderState | None = None,
    number: Number = None,
    placed_since: Since = None,
    placed_until: Until = None,
    channel: Channel = None,
) -> Response:
    """The shop's orders, the newest first."""
    wanted = Filter(state=state, number=number, since=placed_since, until=placed_until)
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        found, seen, last = await _find(unit, caller, wanted, channel, after, limit)
    if last is not None and len(found) <= limit:  # looked long enough: the next page goes on there
        items = [order_row(one, seen.get(one.contact_id)) for one in found]
        return caller.show(OrderPage(items=items, next_cursor=caller.cursor(LIST, [last])))

    def shown(one: Order) -> OrderRowOut:
        return order_row(one, seen.get(one.contact_id))

    return listed(caller, LIST, OrderPage, shown, found, limit)


@endpoints.get("/orders/{order_id}", OrderOut, "orders:read")
async def get_order(caller: Calling, order_id: Id) -> Response:
    """One order with its lines, history, shipments and money."""
    async with caller.read() as unit:
        return caller.show(await whole_order(unit, caller.shop_id, order_id))


@endpoints.write("POST", "/orders/{order_id}/cancel", OrderOut, "orders:write", waits=True)
async def cancel_order(caller: Calling, order_id: Id, form: ReasonForm | None = None) -> Response:
    """Cancels an order; one that is paid is refunded whole. The shopper is told in the chat."""
    return await _asked(caller, order_id, CancelAsked(order_id, _why(form), caller.name))


@endpoints.write("POST", "/orders/{order_id}/refund", OrderOut, "orders:write", waits=True)
async def refund_order(caller: Calling, order_id: Id, form: ReasonForm | None = None) -> Response:
    """Gives all money back and unwinds stock and points. The shopper is told in the chat."""
    return await _asked(caller, order_id, RefundAsked(order_id, _why(form), caller.name))


@endpoints.write("POST", "/orders/{order_id}/ship", OrderOut, "orders:write", waits=True)
async def ship_order(caller: Calling, order_id: Id, form: ShipmentForm) -> Response:
    """Marks a paid order as shipped. The shopper is told in the chat how it travels."""
    check_link(caller, "tracking_url", form.tracking_url)
    event = ShipmentMarked(order_id, form.carrier, form.tracking, caller.name, form.tracking_url)
    return await _asked(caller, order_id, event)


def _why(form: ReasonForm | None) -> str:
    return "" if form is None else form.reason


async def _asked(caller: Caller, order_id: str, event: AnyEvent) -> Response:
    async with caller.read() as unit:
        order = await order_by_id(unit, caller.shop_id, order_id)
    if order is None:
        raise NotFound("The shop has no such order.", code="no-order")
    row, done = await ask(caller, order.lane_id, event)
    if not done:
        where = f"/api/v1/events/{row.id}"
        return caller.tell(shown_event(row, whole=False), status=202, location=where)
    async with caller.read() as unit:
        return caller.tell(await whole_order(unit, caller.shop_id, order_id))


async def _find(
    unit: Unit, caller: Caller, wanted: Filter, channel: str | None, after: str | None, limit: int
) -> tuple[Sequence[Order], dict[str, ContactRow], str | None]:
    """Up to `limit` + 1 orders with who bought; and where to go on when only that many were
    looked through. Orders do not know their channel: their buyer does.
    """
    found: list[Order] = []
    people: dict[str, ContactRow] = {}
    for _ in range(LOOKS):
        page = await read_orders(unit, caller.shop_id, wanted, cursor=after, limit=PORTION)
        people |= await contacts_by_id(unit, caller.shop_id, [one.contact_id for one in page.items])
        found += [one for one in page.items if _fits(people.get(one.contact_id), channel)]
        if page.next_cursor is None or len(found) > limit:
            return found[: limit + 1], people, None
        after = page.next_cursor
    return found, people, after


def _fits(buyer: ContactRow | None, channel: str | None) -> bool:
    return channel is None or (buyer is not None and buyer.channel == channel)
