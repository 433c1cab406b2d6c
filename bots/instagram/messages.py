"""What happens in the private chat: messages, taps, reactions, reads, edits and our own echoes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from app.core.clock import EPOCH
from app.core.inbound import (
    AnyEvent,
    Arrived,
    Echoed,
    Edited,
    MediaKind,
    Reacted,
    Read,
    Said,
    SentMedia,
    Tapped,
    Unsent,
)
from app.edge.codec import Malformed, canonical, digest
from bots.instagram.readings import Reading, Source, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bots.instagram.fields import Fields

# Meta takes 1000 characters of payload; a longer one is none that we have sent.
PAYLOAD = 1000

MEDIA: dict[str, MediaKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "file",
    "sticker": "sticker",
    "like_heart": "like",
    "story_mention": "story-mention",
    "share": "share",
    "ig_post": "share",
    "ig_reel": "share",
    "reel": "share",
    "story": "share",
    "ig_story": "share",
}
# The preview of a link that stands in the text: no input of its own.
PREVIEWS = frozenset({"fallback"})


class Meeting(msgspec.Struct, frozen=True):
    """One item of the chat: whose it is, when it was, and what Meta says of it."""

    person: str
    at: datetime | None
    source: Source

    @property
    def address(self) -> str:
        return f"user:{self.person}"

    def reading(self, key: str, event: AnyEvent) -> Reading:
        return Reading(key, self.address, event, self.at)

    def hashed(self, kind: str, *parts: str) -> str:
        """A key for what Meta gives no id: the same however often it is delivered."""
        stamp = str((self.at - EPOCH).total_seconds()) if self.at else self.source.digest
        return f"{kind}:{digest(canonical([self.person, stamp, *parts]))}"


def read_messaging(event: Fields, source: Source) -> list[Reading]:
    """One item of `messaging[]`; a message that came through a link is two events."""
    at = event.time("timestamp")
    sender, recipient = event.part("sender").id("id"), event.part("recipient").id("id")
    if not sender:
        raise Malformed("nobody sent this")
    message = event.part("message")
    if message.flag("is_echo"):
        # Some echoes have sender and recipient the wrong way round.
        person = sender if sender != source.account else recipient
        return [_echo(message, Meeting(person, at, source))]
    meeting = Meeting(sender, at, source)
    name = next((name for name in _READERS if event.has(name)), None)
    if sender == source.account:
        return [unknown(f"own-{name or 'item'}", source)]
    if name is None:
        return [_unheard_of(event, meeting)]
    return _READERS[name](event.part(name), meeting)


def _unheard_of(event: Fields, meeting: Meeting) -> Reading:
    what = next(iter(event.unread()), "empty").partition(".")[0]
    return unknown(what, meeting.source, address=meeting.address)


def _echo(message: Fields, meeting: Meeting) -> Reading:
    message.knows("attachments", "app_id", "metadata", "reply_to", "is_unsupported", "quick_reply")
    mid, text = message.id("mid"), message.text("text")
    if message.flag("is_self"):
        return unknown("self-message", meeting.source, key=f"echo:{mid}")
    if message.flag("is_deleted"):
        return unknown("own-unsend", meeting.source, key=f"deleted:{mid}")
    if not mid or not meeting.person:
        raise Malformed("the echo names no message or nobody")
    return meeting.reading(f"echo:{mid}", Echoed(message_id=mid, text=text))


def _message(message: Fields, meeting: Meeting) -> list[Reading]:
    message.knows("text", "attachments", "reply_to", "quick_reply", "is_echo", "is_unsupported")
    mid = message.id("mid")
    if not mid:
        raise Malformed("the message has no id")
    if message.flag("is_self"):
        return [unknown("self-message", meeting.source, key=f"message:{mid}")]
    if message.flag("is_deleted"):
        return [meeting.reading(f"deleted:{mid}", Unsent(message_id=mid))]
    referral = message.part("referral")
    arrived = _arrived(referral, meeting, mid) if message.has("referral") else []
    event = _spoken(message, mid, referral)
    if isinstance(event, Said):
        arrived = []  # a text carries its own ref
    return [*arrived, meeting.reading(f"message:{mid}", event)]


def _spoken(message: Fields, mid: str, referral: Fields) -> AnyEvent:
    text = message.text("text")
    reply_to, story = _reply_to(message.part("reply_to"))
    ref = referral.text("ref") or None
    attachments = message.parts("attachments")
    for one in attachments:
        one.knows("payload")
    attachments = [one for one in attachments if one.text("type") not in PREVIEWS]
    if message.has("quick_reply"):
        token = message.part("quick_reply").text("payload")[:PAYLOAD]
        return Tapped(token=token, label=text, message_id=mid)
    if attachments or not text:
        return _media(attachments, mid, text)
    return Said(text=text, message_id=mid, reply_to=reply_to, story=story, ref=ref)


def _media(attachments: list[Fields], mid: str, text: str) -> SentMedia:
    """The first attachment stands for all; without one, Meta could not show what was sent."""
    urls = [one.part("payload").text("url") for one in attachments]
    for one in attachments:
        one.part("payload").knows("title", "sticker_id", "reel_video_id", "ig_post_media_id")
    media = MEDIA.get(attachments[0].text("type"), "other") if attachments else "other"
    return SentMedia(media=media, message_id=mid, url=(urls or [""])[0] or None, text=text)


def _reply_to(reply: Fields) -> tuple[str | None, str | None]:
    """The message answered, or the story: by its id, else by its address, which expires."""
    story = reply.part("story")
    story_id, url = story.id("id"), story.text("url")
    return reply.id("mid") or None, story_id or url or None


def _arrived(referral: Fields, meeting: Meeting, mid: str = "") -> list[Reading]:
    referral.knows("type", "ad_id", "ads_context_data", "referer_uri")
    ref, origin = referral.text("ref"), referral.text("source")
    key = f"referral:{mid}" if mid else meeting.hashed("referral", ref, origin)
    return [meeting.reading(key, Arrived(ref=ref, source=origin))]


def _referral(referral: Fields, meeting: Meeting) -> list[Reading]:
    return _arrived(referral, meeting)


def _postback(postback: Fields, meeting: Meeting) -> list[Reading]:
    mid, payload = postback.id("mid"), postback.text("payload")
    # Ice breakers come without a message id.
    key = f"postback:{mid}" if mid else meeting.hashed("postback", payload)
    arrived = []
    if postback.has("referral"):
        arrived = _arrived(postback.part("referral"), meeting, key.removeprefix("postback:"))
    event = Tapped(token=payload[:PAYLOAD], label=postback.text("title"), message_id=mid)
    return [*arrived, meeting.reading(key, event)]


def _reaction(reaction: Fields, meeting: Meeting) -> list[Reading]:
    mid, action = reaction.id("mid"), reaction.text("action") or "react"
    emoji = reaction.text("emoji") or reaction.text("reaction")
    reaction.knows("reaction")
    key = meeting.hashed("reaction", mid, action, emoji)
    if action != "react":
        return [unknown(action, meeting.source, key=key, address=meeting.address)]
    return [meeting.reading(key, Reacted(message_id=mid, emoji=emoji))]


def _read(read: Fields, meeting: Meeting) -> list[Reading]:
    mid, watermark = read.id("mid"), read.id("watermark")
    upto = mid or watermark
    key = f"read:{meeting.person}:{upto}" if upto else meeting.hashed("read")
    return [meeting.reading(key, Read(message_id=mid))]


def _edit(edit: Fields, meeting: Meeting) -> list[Reading]:
    mid, number = edit.id("mid"), edit.id("num_edit")
    if not mid:
        raise Malformed("the edit names no message")
    key = f"edit:{mid}:{number}"
    # Meta also reports an "edit" without words when a message was only sent.
    if not edit.text("text"):
        return [unknown("edit-without-text", meeting.source, key=key, address=meeting.address)]
    return [meeting.reading(key, Edited(message_id=mid, text=edit.text("text")))]


# In this order: a message may carry a referral, never the other way round.
_READERS: dict[str, Callable[[Fields, Meeting], list[Reading]]] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "read": _read,
    "message_edit": _edit,
    "referral": _referral,
}
