"""The shop's people in the chat, news of orders, and sends that did not arrive."""

from __future__ import annotations

from app.core.dialog import help as helping
from app.core.dialog import news
from app.core.dialog.answers import follow
from app.core.dialog.scene import STAY
from app.core.dialog.turn import Turn
from app.core.dialog.wants import CallPerson, CancelTimer, FinishPerson, Say
from app.core.event import Event
from app.core.inbound import HandedBack, MerchantSaid, SendReported, TakenOver
from app.core.news import OrderNews


def taken_over(turn: Turn, _event: TakenOver) -> None:
    """A person of the shop answers: the bot is silent."""
    turn.set(person=True)
    turn.want(CancelTimer("nudge"))
    turn.timer("idle", turn.now + helping.PERSON_TIME)


def handed_back(turn: Turn, _event: HandedBack) -> None:
    """The bot goes on where it stopped."""
    if not turn.state.person:
        turn.why = "nobody had taken over"
        return
    turn.set(person=False, misses=0)
    turn.want(FinishPerson())
    if turn.stopped or not turn.writable:
        turn.timer("idle", turn.now)
        turn.why = "the chat may not be written to"
        return
    turn.note("person.back")
    follow(turn, STAY if turn.state.scene != "start" else "greet.menu")


def merchant_said(turn: Turn, event: MerchantSaid) -> None:
    """A person of the shop writes through us."""
    turn.want(Say(key="", text=event.text, language=turn.language, purpose="merchant"))
    if turn.state.person:
        turn.timer("idle", turn.now + helping.PERSON_TIME)


def order_news(turn: Turn, event: OrderNews) -> None:
    """Something happened to an order of this person."""
    news.tell(turn, event)


_MATTERS = {"shipping", "refund", "cancelled", "payment-failed"}


def send_reported(turn: Turn, event: SendReported) -> None:
    """What did not arrive: a purchase that nobody knows of ends, bad news go to a person."""
    if event.outcome == "sent":
        turn.why = "arrived"
        return
    if event.purpose == "private-reply" and not turn.state.answered:
        turn.clear(scene="start", asked="", offered=())
        if not turn.state.person:
            turn.want(CancelTimer("idle"))
        return
    if event.purpose in _MATTERS:
        turn.want(CallPerson(f"{event.purpose} could not be sent: {event.rule or event.reason}"))
        return
    turn.why = "the timers see to it"


def nothing(turn: Turn, event: Event) -> None:
    """An event that moves nothing here; the slices have settled it."""
    turn.why = f"{type(event).__name__} moves nothing"
