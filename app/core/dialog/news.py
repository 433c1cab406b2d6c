"""What became of an order, in words: said whatever the chat is about, whoever answers in it."""

from __future__ import annotations

import msgspec

from app.core.dialog.plan import ask
from app.core.dialog.turn import Paragraph, Prompt, Turn
from app.core.dialog.wants import Arg, CancelTimer, Choice
from app.core.news import OrderNews


class Telling(msgspec.Struct, frozen=True):
    """How a kind of news is told: words, purpose, whether it ends the purchase of this chat."""

    key: str
    purpose: str
    ends: bool = False
    points: bool = False
    choices: tuple[str, ...] = ()


_AFTER = ("orders", "shop-more")

NEWS: dict[str, Telling] = {
    "paid": Telling("news.paid", "receipt", ends=True, points=True, choices=_AFTER),
    "late-paid": Telling("news.late-paid", "receipt", ends=True, points=True, choices=_AFTER),
    "late-refunded": Telling("news.late-refunded", "refund", ends=True, choices=("shop-more",)),
    "double-refunded": Telling("news.double-refunded", "refund"),
    "mismatch": Telling("news.mismatch", "refund"),
    "payment-failed": Telling("news.payment-failed", "payment-failed"),
    "payment-expired": Telling("news.payment-expired", "hold-expired"),
    "refunded": Telling("news.refunded", "refund"),
    "refund-failed": Telling("news.refund-failed", "refund"),
    "cancelled": Telling("news.cancelled", "cancelled", ends=True),
    "shipped": Telling("news.shipped", "shipping"),
}
# What happens next is asked by the question that stands: the payment again, or a fresh hold.
_NEXT = {"payment-failed": "pay.waiting", "payment-expired": "pay.expired"}


def tell(turn: Turn, news: OrderNews) -> None:
    """Tells it, and ends or turns the purchase that it belongs to."""
    telling = NEWS.get(news.what)
    mine = news.order_id == turn.state.order_id and news.order_id != ""
    if telling is None:
        turn.why = f"no words for {news.what}"
        return
    if news.what in {"payment-expired", "cancelled"} and news.order_id == turn.state.left_order:
        turn.why = "given up by the person, who knows"
        return
    _settle(turn, news, telling, mine=mine)
    following = _NEXT.get(news.what)
    if following and mine and not turn.state.person:
        turn.notes += _words(news, telling)
        ask(turn, following)
        return
    choices = _choices(news, telling) if not turn.open_flow and not turn.state.person else ()
    turn.say("start", Prompt(tuple(_words(news, telling)), choices, purpose=telling.purpose))


def _settle(turn: Turn, news: OrderNews, telling: Telling, *, mine: bool) -> None:
    if not mine:
        return
    if telling.ends:
        bought = news.what in {"paid", "late-paid"}
        version = turn.state.cart_version if bought else turn.state.paid_version
        turn.forget(scene="start", asked="", offered=(), paid_version=version)
        for name in ("hold", "nudge") if turn.state.person else ("hold", "nudge", "idle"):
            turn.want(CancelTimer(name))
    elif news.what == "payment-expired":
        turn.set(order_id="", order_number="", held=(), held_until=None, left_order=news.order_id)
        turn.changed()
        turn.want(CancelTimer("hold"))


def _words(news: OrderNews, telling: Telling) -> list[Paragraph]:
    args: dict[str, Arg] = {
        "number": news.number,
        "total": news.total,
        "money": news.money or news.total,
        "items": ", ".join(news.lines),
    }
    words: list[Paragraph] = [(telling.key, args)]
    if news.what == "shipped" and news.tracking:
        words.append(("order.parcel", {"carrier": news.carrier, "tracking": news.tracking}))
    if telling.points and news.points is not None:
        words.append(_points(news))
    return words


def _points(news: OrderNews) -> Paragraph:
    points, tier = news.points or 0, news.tier or ""
    if news.next_tier and news.to_next_tier is not None:
        args: dict[str, Arg] = {
            "count": points,
            "tier": tier,
            "next": news.next_tier,
            "distance": news.to_next_tier,
        }
        return ("points.next" if tier else "points.first", args)
    return (
        ("points.tier", {"count": points, "tier": tier})
        if tier
        else (
            "points.only",
            {"count": points},
        )
    )


def _choices(news: OrderNews, telling: Telling) -> tuple[Choice, ...]:
    link: tuple[Choice, ...] = ()
    if news.tracking_url:
        link = (Choice("track", key="choice.track", url=news.tracking_url),)
    actions = {"orders": "orders", "shop-more": "shop"}
    more = tuple(Choice(actions[x], key=f"choice.{x}") for x in telling.choices)
    return (*link, *more)
