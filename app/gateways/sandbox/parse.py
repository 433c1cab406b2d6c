"""Turns a webhook of the sandbox into neutral events. Never raises, whatever is in it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.inbound import (
    AnyEvent,
    Item,
    PaymentReported,
    RefundReported,
    Unknown,
    Unparsed,
)
from app.core.money import Money
from app.core.ports import Account
from app.edge.codec import UNREADABLE, decode_lenient, digest
from app.gateways.sandbox import protocol

LONGEST = 150  # characters of an id or a reason that are kept


class _Data(msgspec.Struct, frozen=True):
    reference: str
    capture: str = ""
    amount: int | None = None
    currency: str = ""
    refund: str = ""
    provider_ref: str = ""
    reason: str = ""


class _Hook(msgspec.Struct, frozen=True):
    id: str
    type: str
    timestamp: datetime
    data: _Data


def parse(raw: bytes, account: Account, received_at: datetime) -> list[Item]:
    """One item for any body: an event, `Unknown` for a kind we do not handle, `Unparsed`."""
    home = account.external_id
    try:
        said = decode_lenient(raw)
        hook = msgspec.convert(said, _Hook)
        event, at = _event(hook), min(_aware(hook.timestamp), received_at)
    except UNREADABLE as error:
        lost = Unparsed(str(error)[:LONGEST])
        return [Item(f"raw:{digest(raw)}", "", lost, received_at, home, raw)]
    return [
        Item(
            key=f"event:{hook.id[:LONGEST]}",
            address=f"pay:{hook.data.reference[:LONGEST]}",
            event=event,
            occurred_at=at,
            account=home,
            raw=raw,
            extra=_extra(said),
        )
    ]


def _event(hook: _Hook) -> AnyEvent:
    data = hook.data
    match hook.type:
        case protocol.CAPTURED:
            money = None if data.amount is None else Money(data.amount, data.currency)
            return PaymentReported(data.reference, "captured", data.capture, money)
        case protocol.FAILED:
            return PaymentReported(data.reference, "failed", reason=data.reason)
        case protocol.EXPIRED:
            return PaymentReported(data.reference, "expired", reason=data.reason)
        case protocol.REFUNDED:
            return RefundReported(data.refund, "refunded", data.provider_ref)
        case protocol.REFUND_FAILED:
            return RefundReported(data.refund, "failed", data.provider_ref, data.reason)
    return Unknown(hook.type[:LONGEST])


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a timestamp without its zone")
    return moment


def _extra(said: object) -> tuple[str, ...]:
    """Names of fields that this parser does not know."""
    if not isinstance(said, dict):
        return ()
    data = said.get("data")
    inner = data if isinstance(data, dict) else {}
    unknown = [name for name in said if name not in _Hook.__struct_fields__]
    unknown += [f"data.{name}" for name in inner if name not in _Data.__struct_fields__]
    return tuple(name[:80] for name in unknown[:50])
