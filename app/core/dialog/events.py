"""What every kind of event does to a conversation. One small function each; `step` picks it."""

from __future__ import annotations

from datetime import timedelta

from app.core.dialog import help as helping
from app.core.dialog import news, pay
from app.core.dialog.address import use_address
from app.core.dialog.answers import follow, listen, said, says, tapped
from app.core.dialog.campaigns import find
from app.core.dialog.cart import short
from app.core.dialog.facts import SavedAddress
from app.core.dialog.plan import ask, plan, resume
from app.core.dialog.scene import STAY
from app.core.dialog.scenes import QUESTIONS
from app.core.dialog.slots import open_matches
from app.core.dialog.state import CommentRef, Draft
from app.core.dialog.turn import Turn
from app.core.dialog.wants import (
    AddressSaved,
    Answer,
    CallPerson,
    CancelTimer,
    FinishPerson,
    Held,
    HoldRefused,
    LinkOpened,
    OrderPlaced,
    OrderRefused,
    ReleaseHolds,
    SaveAddress,
    Say,
)
from app.core.inbound import (
    AddressFilled,
    Arrived,
    Commented,
    Edited,
    Event,
    HandedBack,
    MerchantSaid,
    OrderNews,
    PayRequested,
    Reacted,
    Said,
    SendReported,
    SentMedia,
    TakenOver,
    Tapped,
    TimerDue,
    Unsent,
)

COMMENTS_KEPT = 20


# --- comments -----------------------------------------------------------------------------------


def commented(turn: Turn, event: Commented) -> None:
    """A hashtag under a post opens a purchase with the one private answer that a comment buys."""
    turn.why = _why_not(turn, event)
    if turn.why:
        return
    turn.set(comments=(*turn.state.comments, event.comment_id)[-COMMENTS_KEPT:])
    if turn.open_flow:
        _second_comment(turn, event)
        return
    turn.clear(
        scene="start",
        asked="",
        offered=(),
        comment=CommentRef(
            event.comment_id,
            event.commented_at,
            event.live,
            public=event.parent_id is None and not event.live,
            handle=event.author_name or turn.facts.person.handle,
        ),
    )
    _mind(turn, event.text)
    follow(turn, _matched(turn, event.text))


def _why_not(turn: Turn, event: Commented) -> str:
    if event.own:
        return "our own comment"
    if event.comment_id in turn.state.comments:
        return "this comment is answered"
    if not find(event.text, turn.shop, turn.now):
        return "no campaign is named"
    if turn.stopped:
        return "opted out"
    if turn.state.person:
        return "a person answers"
    return ""


def _second_comment(turn: Turn, event: Commented) -> None:
    """Somebody whose purchase is open: it goes on in the chat, if that may be written to."""
    if not (turn.state.answered and turn.writable):
        turn.why = "a purchase is open, and the chat may not be written to"
        return
    heard = listen(turn, event.text)
    live = [x for x in heard.matches if x.when == "live"]
    known = turn.state.campaign_id == live[0].campaign.id if live else True
    if known and not heard.slots:
        turn.why = "a purchase of this campaign is open"
        return
    said(turn, event.text)


def _mind(turn: Turn, text: str) -> None:
    heard = listen(turn, text)
    if heard.language and heard.language != turn.language:
        turn.set(language=heard.language)


def _matched(turn: Turn, text: str) -> str:
    return open_matches(turn, listen(turn, text)) or "greet.menu"


# --- what a person does in the chat -------------------------------------------------------------


def _hear(turn: Turn, message_id: str) -> bool:
    """The person is here. False when the bot has to be silent."""
    turn.set(
        opened=True,
        heard_at=turn.now,
        heard_id=message_id or turn.state.heard_id,
        answered=True,
        dormant=False,
        comment=None,
    )
    if turn.stopped:
        turn.why = "opted out"
        return False
    if turn.state.person:
        turn.why = "a person answers"
        return False
    return True


def texted(turn: Turn, event: Said) -> None:
    """A text. Stop and start are heard even where the bot is silent."""
    text = event.text
    speaks = _hear(turn, event.message_id)
    if says(text, "stop"):
        if not turn.stopped:
            helping.stop(turn)
        return
    if turn.stopped and (says(text, "start") or find(text, turn.shop, turn.now)):
        helping.start(turn)
        turn.why = ""
        said(turn, text)
        return
    if speaks:
        said(turn, text)


def pressed(turn: Turn, event: Tapped) -> None:
    """A button."""
    if _hear(turn, event.message_id):
        tapped(turn, event.token, event.label)


def showed(turn: Turn, event: SentMedia) -> None:
    """A picture or a voice: its caption is read; without one the question is asked again."""
    if not _hear(turn, event.message_id):
        return
    if event.text.strip():
        said(turn, event.text)
        return
    known = event.media in {"audio", "story-mention"}
    turn.note(f"media.{event.media}" if known else "media.other")
    follow(turn, STAY)


def arrived(turn: Turn, event: Arrived) -> None:
    """The chat was opened through a link; its reference may name a campaign."""
    if not _hear(turn, ""):
        return
    campaign = next((x for x in turn.shop.campaigns if x.slug == event.ref), None)
    tag = campaign.hashtag if campaign is not None else event.ref
    tag = tag if tag.startswith("#") else f"#{tag}"
    if find(tag, turn.shop, turn.now) and not turn.state.cart:
        said(turn, tag)
    else:
        follow(turn, STAY if turn.state.scene != "start" else "greet.menu")


def reacted(turn: Turn, _event: Reacted) -> None:
    """An emoji opens the window and moves nothing."""
    turn.set(opened=True, heard_at=turn.now)
    turn.why = "a reaction"


def edited(turn: Turn, event: Edited) -> None:
    """An edit of what was not understood is read again; an answer taken already is not undone."""
    if turn.state.heard_id != event.message_id or not event.message_id:
        turn.why = "an edit of an older message"
        return
    if not _hear(turn, event.message_id):
        return
    if turn.state.misses:
        said(turn, event.text)
        return
    if turn.open_flow:
        turn.note("edited.kept")
        follow(turn, STAY)


def unsent(turn: Turn, _event: Unsent) -> None:
    """Taken back. What it led to is changed with a button, never by guessing."""
    turn.why = "taken back; nothing depends on it"


# --- pages --------------------------------------------------------------------------------------


def pay_asked(turn: Turn, event: PayRequested) -> None:
    """The payment page was posted."""
    pay.pay_requested(turn, event)


def address_filled(turn: Turn, event: AddressFilled) -> None:
    """The address form was posted: kept, and the purchase goes on."""
    turn.set(pending="form", address_parsed=None)
    turn.want(SaveAddress(event.address, event.email))


# --- timers -------------------------------------------------------------------------------------


def timer_due(turn: Turn, event: TimerDue) -> None:
    """Time passed: a hold ends, a reminder is due, or the chat has been silent for long."""
    due = _TIMERS.get(event.name)
    if due is None:
        turn.why = f"no timer {event.name}"
        return
    due(turn)


def _hold_due(turn: Turn) -> None:
    until = turn.state.held_until
    if until is None:
        turn.why = "nothing is kept"
        return
    if until > turn.now:
        turn.timer("hold", until)
        turn.why = "kept longer by now"
        return
    turn.want(CancelTimer("nudge"))
    turn.leave_order()
    if turn.state.held or turn.state.held_until:
        turn.want(ReleaseHolds())
    turn.set(held=(), held_until=None, pay_url="", pay_until=None, nudged=True)
    if turn.state.before:
        turn.set(cart=turn.state.before, before=(), draft=Draft())
    if turn.writable and not (turn.state.person or turn.stopped):
        ask(turn, "pay.expired")
    else:
        turn.set(scene="pay", asked="expired")


def _nudge_due(turn: Turn) -> None:
    silent = turn.state.person or turn.stopped or turn.state.nudged
    if silent or not turn.open_flow or not turn.writable or not turn.state.answered:
        turn.why = "no reminder is due"
        return
    turn.set(nudged=True)
    until = turn.state.held_until
    question = QUESTIONS.get(turn.question)
    if question is None:
        return
    if turn.hold_live and until is not None:
        left = max(1, int((until - turn.now) / timedelta(minutes=1)))
        turn.note("nudge.held", count=left)
    else:
        turn.note(f"nudge.{question.scene}")
    ask(turn, question.name)


def _idle_due(turn: Turn) -> None:
    """Long silence: nothing is kept, the chat may go on whenever the person likes."""
    if turn.state.person:
        turn.want(FinishPerson())
        turn.set(person=False)
    if turn.state.held_until is not None:
        turn.leave_order()
        turn.release()
    turn.set(dormant=True, pay_url="", pay_until=None, nudged=True)
    turn.want(CancelTimer("nudge"))


_TIMERS = {"hold": _hold_due, "nudge": _nudge_due, "idle": _idle_due}


# --- the shop's people --------------------------------------------------------------------------


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


# --- what became of a send ----------------------------------------------------------------------

_MATTERS = {"shipping", "refund", "cancelled", "payment-failed"}


def send_reported(turn: Turn, event: SendReported) -> None:
    """What did not arrive: a purchase that nobody knows of ends, bad news go to a person."""
    if event.outcome == "sent":
        turn.why = "arrived"
        return
    if event.purpose == "private-reply" and not turn.state.answered:
        turn.clear(scene="start", asked="", offered=())
        turn.want(CancelTimer("idle"))
        return
    if event.purpose in _MATTERS:
        turn.want(CallPerson(f"{event.purpose} could not be sent: {event.rule or event.reason}"))
        return
    turn.why = "the timers see to it"


def nothing(turn: Turn, event: Event) -> None:
    """An event that moves nothing here; the slices have settled it."""
    turn.why = f"{type(event).__name__} moves nothing"


# --- results ------------------------------------------------------------------------------------


def held(turn: Turn, result: Held) -> None:
    """The pieces are kept."""
    turn.set(held=turn.state.cart, held_until=result.until)
    turn.timer("hold", result.until)
    resume(turn)


def hold_refused(turn: Turn, result: HoldRefused) -> None:
    """They are not: says so at once, with the nearest that can be had."""
    turn.set(held=(), held_until=None, pending="")
    where = short(turn, result.free)
    ask(turn, where)


def link_opened(turn: Turn, result: LinkOpened) -> None:
    """The page's link is there."""
    if turn.state.pending.startswith("address."):
        turn.set(form_url=result.url, form_until=result.expires_at)
    else:
        turn.set(
            pay_url=result.url, pay_until=result.expires_at, pay_version=turn.state.cart_version
        )
    resume(turn)


def address_saved(turn: Turn, result: AddressSaved) -> None:
    """The address is kept: it is this purchase's address."""
    form = turn.state.pending == "form"
    turn.set(pending="")
    use_address(turn, SavedAddress(result.saved_id, result.label, result.country))
    if form:
        turn.want(Answer("saved"))
    if turn.state.person or turn.stopped:
        return
    if turn.state.cart or turn.product is not None:
        plan(turn)
    elif form:
        turn.tell("address.saved", "note")


def order_placed(turn: Turn, result: OrderPlaced) -> None:
    """The order stands."""
    provider = turn.state.pending.partition(":")[2] or next(iter(turn.shop.payments), "")
    pay.order_placed(turn, result.order_id, result.number, result.until, provider)


def order_refused(turn: Turn, result: OrderRefused) -> None:
    """No order was made: the page hears why, and so does the chat when stock was the reason."""
    turn.set(pending="")
    turn.want(Answer(result.why))
    if result.why != "sold-out" or turn.state.person or turn.stopped:
        return
    turn.set(held=(), held_until=None)
    where = short(turn, result.free)
    ask(turn, where)
