"""A comment under a post: whether it opens a purchase, and for whom nothing is said twice."""

from __future__ import annotations

from app.core.dialog.answers import follow, listen, said
from app.core.dialog.campaigns import find
from app.core.dialog.slots import open_matches
from app.core.dialog.state import CommentRef
from app.core.dialog.turn import Turn
from app.core.inbound import Commented

COMMENTS_KEPT = 20


def commented(turn: Turn, event: Commented) -> None:
    """A hashtag under a post opens a purchase with the one private answer that a comment buys."""
    turn.why = _why_not(turn, event)
    if turn.why:
        return
    turn.set(comments=(*turn.state.comments, event.comment_id)[-COMMENTS_KEPT:])
    if turn.buying:
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
