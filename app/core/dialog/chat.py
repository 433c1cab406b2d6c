"""What a person does in the private chat: texts, taps, pictures, links, edits."""

from __future__ import annotations

from app.core.dialog import help as helping
from app.core.dialog.answers import follow, said, says, tapped
from app.core.dialog.campaigns import find
from app.core.dialog.scene import STAY
from app.core.dialog.turn import IDLE, Turn
from app.core.inbound import Arrived, Edited, Reacted, Said, SentMedia, Tapped, Unsent


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
    if turn.state.scene != "start" and not turn.state.person:
        turn.timer("idle", turn.now + IDLE)
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
        turn.why = "a person answers" if turn.state.person else ""
        if turn.state.person:
            turn.notes.clear()
        else:
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
