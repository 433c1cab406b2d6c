"""The provider has opened its page."""

from __future__ import annotations

from app.core.errors import NotFound
from app.core.inbound import SessionOpened
from app.db.unit import Unit
from app.orders.take import take
from app.payments import store
from app.payments.close import close


async def session_opened(unit: Unit, shop_id: str, report: SessionOpened) -> None:
    """Notes the page of a payment; closes it at once when nobody wants it any more.

    Repeats have no effect, and neither has news that comes after the payment itself. Raises
    `NotFound`.
    """
    known = await store.by_id(unit, shop_id, report.payment_id)
    if known is None:
        raise NotFound(f"There is no payment {report.payment_id}.", code="no-payment")
    order = await take(unit, shop_id, known.order_id)
    payments = await store.of_order(unit, shop_id, order.id, lock=True)
    payment = next(one for one in payments if one.id == known.id)
    if payment.session_id is not None:
        return
    state = "open" if payment.state == "created" else payment.state
    await store.put(
        unit, payment, session_id=report.session_id, session_url=report.url, state=state
    )
    unwanted = payment.closing_at is not None or order.state != "awaiting_payment"
    if unwanted and payment.unsettled:
        opened = await store.by_id(unit, shop_id, payment.id)
        if opened is not None:
            await close(unit, opened)
