"""`/pay/{token}/return`: back from the provider, which proves nothing; the order's state does."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from app.core.errors import NotFound
from app.merchants.read import shop_by_id
from app.orders.order import Order
from app.orders.read import order_by_id
from app.payments.payment import Payment
from app.payments.poll import ask
from app.payments.returned import payment_returned
from app.web.context import Context, context_of
from app.web.pay.standing import PAID
from app.web.site.linked import LONGEST_TOKEN, unknown, words_for
from app.web.site.pages import notice

router = APIRouter(include_in_schema=False)

LOOK = 0.2  # seconds between looks at the order
HOLD_LINE = 3.0  # seconds the page waits before it shows that it waits
LOOK_AGAIN = 3  # seconds until the waiting page looks again
ASK_EVERY = 5.0  # seconds between questions to the provider, however often the page is loaded

Found = tuple[Payment, Order]


@router.get("/pay/{token}/return")
async def returned(
    token: str,
    context: Annotated[Context, Depends(context_of)],
    languages: Annotated[str, Header(alias="accept-language")] = "",
) -> Response:
    """Paid, waiting or failed, as the order's own state has it."""
    token = token[:LONGEST_TOKEN]
    found = await _find(context, token)
    if found is None:
        return unknown(languages)
    if _key(*found) == "paid.waiting":
        await _ask(context, token)
        ends = monotonic() + HOLD_LINE
        while _key(*found) == "paid.waiting" and monotonic() < ends:
            await asyncio.sleep(LOOK)
            found = await _find(context, token) or found
    return await _say(context, *found)


async def _find(context: Context, token: str) -> Found | None:
    async with context.engine.read() as unit:
        try:
            payment = await payment_returned(unit, token)
        except NotFound:
            return None
        order = await order_by_id(unit, payment.shop_id, payment.order_id)
    return None if order is None else (payment, order)


async def _ask(context: Context, token: str) -> None:
    """A question to the provider, so that a lost webhook does not matter."""
    if await context.engine.limiter.delay(f"returned:{token[:80]}", 1, ASK_EVERY) > 0:
        return
    async with context.engine.write() as unit:
        payment = await payment_returned(unit, token)
        if payment.unsettled:
            await ask(unit, payment)


def _key(payment: Payment, order: Order) -> str:
    """Which page tells the truth."""
    if order.state in PAID:
        return "paid" if payment.kept else "paid.already"
    if order.state == "refunded":
        return "paid.refunded"
    if payment.state == "review":
        return "paid.review"
    if order.state == "cancelled":
        return "paid.cancelled"
    if order.state == "expired":
        return "paid.late"
    return "paid.waiting" if payment.unsettled else "paid.failed"


async def _say(context: Context, payment: Payment, order: Order) -> Response:
    async with context.engine.read() as unit:
        shop = await shop_by_id(unit, payment.shop_id)
    if shop is None:
        return unknown(order.language)
    words = words_for(shop, order.language)
    key = _key(payment, order)
    waiting = key == "paid.waiting"
    return notice(
        words,
        "paid.thanks" if key == "paid" else key,
        status=200,
        shop=shop.name,
        footer=words("common.seller") or shop.name,
        refresh=LOOK_AGAIN if waiting else None,
        tone="good" if key in ("paid", "paid.already") else "plain",
        number=order.number,
        total=order.total.written(words.language),
    )
