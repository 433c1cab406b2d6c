"""How an order is shown: as a row of a list, and whole."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.core.addresses import Address
from app.core.errors import NotFound
from app.core.money import Money
from app.db.unit import Unit
from app.members.pages import ContactRow, contacts_by_id
from app.orders.order import Line, Order
from app.orders.read import Detail, order_detail
from app.payments.read import MoneyTrail, money_of
from app.web.api.shapes import Moment, MoneyOut, Out, Page


class LineOut(Out):
    """One explained amount. A discount's is below zero."""

    kind: str = Field(description="item | shipping | discount", examples=["item"])
    text: str = Field(examples=["Moon mug (black) × 2"])
    sku: str = Field(examples=["MUG-BLACK"])
    variant_id: str | None = Field(examples=["var_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    quantity: int = Field(examples=[2])
    unit: int = Field(description="Minor units.", examples=[18000])
    amount: int = Field(description="Minor units.", examples=[36000])


class BuyerOut(Out):
    """Who bought, on which channel."""

    contact_id: str = Field(examples=["con_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    member_id: str | None = Field(examples=["mem_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    channel: str = Field(examples=["instagram"])
    handle: str = Field(examples=["mina.k"])


class OrderRowOut(Out):
    """An order in a list."""

    id: str = Field(examples=["ord_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    number: str = Field(examples=["4K-219"])
    state: str = Field(
        description="awaiting_payment | paid | shipped | delivered | cancelled | expired | "
        "refunded",
        examples=["paid"],
    )
    total: MoneyOut
    lines: list[LineOut]
    buyer: BuyerOut
    conversation_id: str = Field(examples=["ln_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    language: str = Field(examples=["ko"])
    country: str = Field(examples=["KR"])
    address_label: str = Field(description="Masked.", examples=["김*나 · 서울 강남구 …"])
    placed_at: Moment
    changed_at: Moment
    pay_until: Moment
    paid_at: datetime | None = Field(examples=["2026-11-02T03:02:00Z"])


class OrderPage(Page[OrderRowOut]):
    """Some orders, the newest first."""


class ChangeOut(Out):
    """One move of an order: who, when, why. The first comes from nowhere."""

    before: str = Field(examples=["awaiting_payment"])
    after: str = Field(examples=["paid"])
    by: str = Field(examples=["payment:sandbox"])
    reason: str = Field(examples=[""])
    at: Moment


class FulfilmentOut(Out):
    """How the order travels."""

    carrier: str = Field(examples=["CJ Logistics"])
    tracking: str = Field(examples=["612345678901"])
    tracking_url: str | None = Field(examples=["https://track.example/612345678901"])
    by: str = Field(examples=["api:key_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    at: Moment


class AddressOut(Out):
    """Where it goes."""

    name: str = Field(examples=["김미나"])
    country: str = Field(examples=["KR"])
    line1: str = Field(examples=["테헤란로 152"])
    phone: str = Field(examples=["+821023456789"])
    postcode: str = Field(examples=["06236"])
    region: str = Field(examples=["서울특별시"])
    city: str = Field(examples=["강남구"])
    line2: str = Field(examples=["5층"])


class PaymentOut(Out):
    """One try to pay the order."""

    id: str = Field(examples=["pay_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    provider: str = Field(examples=["sandbox"])
    state: str = Field(
        description="created | open | captured | failed | expired | review", examples=["captured"]
    )
    money: MoneyOut
    captured: int = Field(examples=[36000])
    refunded: int = Field(examples=[0])
    kept: bool = Field(description="This one paid the order.", examples=[True])
    reason: str = Field(examples=[""])
    expires_at: Moment
    created_at: Moment


class RefundOut(Out):
    """Money on its way back."""

    id: str = Field(examples=["ref_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    payment_id: str = Field(examples=["pay_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    money: MoneyOut
    state: str = Field(description="asked | done | failed", examples=["done"])
    reason: str = Field(examples=["The shopper asked for it."])
    asked_at: Moment
    done_at: datetime | None = Field(examples=["2026-11-02T03:02:00Z"])


class OrderOut(OrderRowOut):
    """An order whole. Address and e-mail are null once the person was erased."""

    address: AddressOut | None
    email: str | None = Field(examples=["mina@shopper.example"])
    changes: list[ChangeOut]
    fulfilments: list[FulfilmentOut]
    payments: list[PaymentOut]
    refunds: list[RefundOut]


def order_row(order: Order, buyer: ContactRow | None) -> OrderRowOut:
    """The order as a row of a list."""
    return OrderRowOut(
        id=order.id,
        number=order.number,
        state=order.state,
        total=_money(order.total),
        lines=[_line(line, order.language) for line in order.lines],
        buyer=BuyerOut(
            contact_id=order.contact_id,
            member_id=order.member_id,
            channel=buyer.channel if buyer else "",
            handle=buyer.handle if buyer else "",
        ),
        conversation_id=order.lane_id,
        language=order.language,
        country=order.country,
        address_label=order.address_label,
        placed_at=order.placed_at,
        changed_at=order.changed_at,
        pay_until=order.pay_until,
        paid_at=order.paid_at,
    )


async def whole_order(unit: Unit, shop_id: str, order_id: str) -> OrderOut:
    """The order whole. Raises `NotFound`."""
    detail = await order_detail(unit, shop_id, order_id)
    if detail is None:
        raise NotFound("The shop has no such order.", code="no-order")
    people = await contacts_by_id(unit, shop_id, [detail.order.contact_id])
    money = await money_of(unit, shop_id, order_id)
    return _whole(detail, people.get(detail.order.contact_id), money)


def _whole(detail: Detail, buyer: ContactRow | None, money: MoneyTrail) -> OrderOut:
    row = order_row(detail.order, buyer)
    return OrderOut(
        **{name: getattr(row, name) for name in OrderRowOut.model_fields},
        address=_address(detail.address),
        email=detail.email,
        changes=[ChangeOut.model_validate(one) for one in detail.history],
        fulfilments=[FulfilmentOut.model_validate(one) for one in detail.fulfilments],
        payments=[PaymentOut.model_validate(one) for one in money.payments],
        refunds=[RefundOut.model_validate(one) for one in money.refunds],
    )


def _address(address: Address | None) -> AddressOut | None:
    return None if address is None else AddressOut.model_validate(address)


def _line(line: Line, language: str) -> LineOut:
    return LineOut(
        kind=line.kind,
        text=line.text(language),
        sku=line.sku,
        variant_id=line.variant_id,
        quantity=line.quantity,
        unit=line.unit,
        amount=line.amount,
    )


def _money(money: Money) -> MoneyOut:
    return MoneyOut(amount=money.amount, currency=money.currency)
