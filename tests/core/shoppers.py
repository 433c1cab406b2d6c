"""Shoppers who do anything at any time: events drawn at random for the totality tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from app.core.addresses import Address
from app.core.dialog.wants import Say
from app.core.inbound import (
    AddressFilled,
    Arrived,
    Commented,
    Edited,
    HandedBack,
    MerchantSaid,
    PayRequested,
    Reacted,
    Read,
    Said,
    SendReported,
    SentMedia,
    TakenOver,
    Tapped,
    Unknown,
    Unsent,
)
from app.core.news import Joined
from tests.core.house import House

TEXTS = (
    "#moonmug black", "#가을드립 다크 30 두 개", "#한옥", "#fastmug", "#곧", "#지난",
    "＃ moon mug", "black", "white x2", "2", "두 개", "0", "999", "다크 30개입", "드립백",
    "candle", "yes", "아니요", "back", "뒤로", "change", "주소 바꿀래요", "수량 변경",
    "other colour", "cancel", "취소", "네", "start over", "처음부터", "help", "person", "상담원",
    "stop", "start", "my orders", "more", "결제", "저번 주소로",
    "김미나 서울 강남구 테헤란로 152 5층 010-2345-6789", "서울 강남구 테헤란로 152",
    "350 5th Ave, New York, NY 10118", "010-2345-6789", "김미나", "thanks", "one sec", "사진",
    "영어로", "asdf", "😍", "", "   ", "مرحبا", "\u200b\u200d\ufe0f", "가" * 10_000, "x" * 10_000,
    "?", "#", "{item} {0} %s", "1" * 400, "첫번째", "-1", "２", "빨간색", "i paid", "오류",
    "photos", "checkout",
)  # fmt: skip

HOME = Address(
    "김미나", "KR", "테헤란로 152", "+821023456789", "06236", "서울특별시", "강남구", "5층"
)
ABROAD = Address("Ann", "US", "350 5th Ave", "+12127363100", "10118", "NY", "New York")
MEDIA = ("image", "video", "audio", "file", "sticker", "like", "story-mention", "share", "other")
NEWS = (
    "paid", "late-paid", "late-refunded", "double-refunded", "mismatch", "payment-failed",
    "payment-expired", "refunded", "refund-failed", "cancelled", "shipped", "unchanged", "odd",
)  # fmt: skip

ACTIONS = st.one_of(
    st.tuples(st.just("comment"), st.sampled_from(TEXTS), st.booleans()),
    st.tuples(st.just("say"), st.sampled_from(TEXTS)),
    st.tuples(st.just("say"), st.text(max_size=40)),
    st.tuples(st.just("tap"), st.integers(0, 6)),
    st.tuples(st.just("tap"), st.integers(0, 2)),
    st.tuples(st.just("again"), st.just(0)),
    st.tuples(st.just("stale"), st.integers(0, 5)),
    st.tuples(st.just("foreign"), st.sampled_from(("GET_STARTED", "", "chat", "chat..", "x.1.1"))),
    st.tuples(st.just("media"), st.sampled_from(MEDIA), st.sampled_from(("", "black"))),
    st.tuples(st.just("pay"), st.integers(-1, 1)),
    st.tuples(st.just("form"), st.sampled_from((HOME, ABROAD))),
    st.tuples(st.just("wait"), st.sampled_from((1, 6, 11, 20, 60, 2000))),
    st.tuples(st.just("news"), st.sampled_from(NEWS)),
    st.tuples(st.just("stock"), st.integers(0, 3)),
    st.tuples(st.just("other"), st.integers(0, 10)),
)


def act(house: House, action: tuple[Any, ...], number: int) -> list[Say]:
    """Does it; what was said because of it."""
    kind, *rest = action
    if kind == "wait":
        return house.pass_time(timedelta(minutes=rest[0]))
    if kind == "stock":
        house.on_hand = {x: max(rest[0], house.held.get(x, 0)) for x in house.on_hand}
        return []
    if kind == "news":
        return _news(house, rest[0])
    event = _event(house, kind, rest, number)
    return house.send(event) if event is not None else []


def _news(house: House, what: str) -> list[Say]:
    if house.order is None:
        return []
    if what in {"paid", "late-paid"}:
        return house.paid(what)
    said = house.send(house.news(what))
    if what in {"payment-expired", "cancelled", "late-refunded"}:
        house.order = None
        house.held = {}
    return said


def _event(house: House, kind: str, rest: list[Any], number: int) -> Any:
    state = house.state
    match kind:
        case "tap" | "again" | "stale" | "foreign":
            return _press(state, kind, rest[0])
        case "comment":
            return Commented(f"c{number}", rest[0], house.now, author_name="mina", live=rest[1])
        case "say":
            return Said(rest[0], f"m{number}")
        case "media":
            return SentMedia(rest[0], f"m{number}", None, rest[1])
        case "pay":
            return PayRequested("link", state.cart_version + rest[0], "sandbox")
        case "form":
            return AddressFilled("link", rest[0], "a@example.com")
    return _other(state, rest[0])


def _press(state: Any, kind: str, which: Any) -> Any:
    if kind == "tap":
        offered = state.offered
        return Tapped(offered[which % len(offered)].token) if offered else None
    if kind == "again":
        return Tapped(state.taken) if state.taken else None
    if kind == "stale":
        return Tapped(f"chat.{max(0, state.step - which - 1)}.1", "old")
    return Tapped(which, "label")


def _other(state: Any, which: int) -> Any:
    return (
        TakenOver("mo"),
        HandedBack("mo"),
        MerchantSaid("hello", "mo"),
        Edited(state.heard_id, "black"),
        Unsent(state.heard_id),
        Reacted("x", "❤"),
        Arrived("moonmug"),
        Joined("instagram:1:user:2"),
        SendReported(1, "private-reply", "refused", rule="window"),
        SendReported(1, "shipping", "dead", reason="gone"),
        (Read(), Unknown("x"))[which % 2],
    )[which]
