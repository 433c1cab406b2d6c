"""What people do on Instagram, each act returned as the post that Meta would make of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.clock import EPOCH, Clock
from bots.instagram.fake.hooks import Hook, Json, entries_of, hook, merged
from bots.instagram.fake.world import Bubble, Choice, Comment, World


class People(World):
    """The acts. A person is named by their Instagram-scoped id and exists from then on."""

    def __init__(
        self, clock: Clock, *, app_secret: str, account_id: str, username: str = "the_shop"
    ) -> None:
        super().__init__(clock, account_id, username)
        self.app_secret = app_secret

    # --- in public ------------------------------------------------------------------------------

    def comment(
        self,
        person: str,
        text: str,
        *,
        media: str = "18000000000000001",
        live: bool = False,
        parent: str | None = None,
        ad_of: str | None = None,
        username: str | None = None,
        author_id: str | None = None,
        with_author: bool = True,
        shape: str = "changes",
        id_key: str = "id",
    ) -> Hook:
        """A comment under a post, or under a live video.

        `author_id` shows another id for the person than the chat does, `with_author=False` none at
        all; `ad_of` is the post that an advertisement was made of; `shape` is `changes` or `bare`
        and `id_key` `id` or `comment_id`, as Meta's two login families have it.
        """
        author = self.person(person, username)
        comment = Comment(self.next_id("179"), person, text, media, self.clock.now(), live, parent)
        self.comments[comment.id] = comment
        product = "AD" if ad_of else "FEED"
        value: Json = {id_key: comment.id, "text": text}
        value["media"] = {"id": media, "media_product_type": product}
        if with_author:
            value["from"] = {"id": author_id or person, "username": author.username}
        if parent:
            value["parent_id"] = parent
        if ad_of:
            value["media"] = {"id": media, "media_product_type": "AD", "original_media_id": ad_of}
        return self._commented(comment, value, shape)

    def mention(self, person: str, comment_id: str, media: str) -> Hook:
        """Somebody names us under a post that is not ours."""
        self.person(person)
        value: Json = {"media_id": media, "comment_id": comment_id}
        change: Json = {"field": "mentions", "value": value}
        return self._post({"changes": [change]}, comment_id, self.clock.now())

    def _commented(self, comment: Comment, value: Json, shape: str = "changes") -> Hook:
        change: Json = {"field": "live_comments" if comment.live else "comments", "value": value}
        inside: Json = change if shape == "bare" else {"changes": [change]}
        return self._post(inside, comment.id, comment.at)

    # --- in the chat ----------------------------------------------------------------------------

    def say(
        self, person: str, text: str, *, reply_to: str | None = None, ref: str | None = None
    ) -> Hook:
        """A text. `reply_to` is the message it answers, `ref` the link it came through."""
        message: Json = {"text": text}
        if reply_to:
            message["reply_to"] = {"mid": reply_to}
        if ref:
            message["referral"] = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        return self._message(person, message, Bubble("", "person", self.clock.now(), text))

    def story_reply(self, person: str, text: str, story: str = "18010000000000001") -> Hook:
        """A text that answers one of our stories."""
        told = {"id": story, "url": f"https://cdn.example/stories/{story}"}
        message: Json = {"text": text, "reply_to": {"story": told}}
        return self._message(person, message, Bubble("", "person", self.clock.now(), text))

    def story_mention(self, person: str, url: str = "https://cdn.example/story.jpg") -> Hook:
        """They named us in a story of theirs."""
        return self.media(person, "story_mention", url)

    def media(self, person: str, kind: str = "image", url: str = "https://cdn.example/1") -> Hook:
        """A picture, a sticker, a voice note…: `kind` is Meta's word for it."""
        attachment: Json = {"type": kind}
        if kind != "like_heart":
            attachment["payload"] = {"url": url}
        bubble = Bubble("", "person", self.clock.now(), image_url=url, note=kind)
        return self._message(person, {"attachments": [attachment]}, bubble)

    def tap(
        self, person: str, choice: str, *, message_id: str | None = None, force: bool = False
    ) -> Hook:
        """A tap on something on the screen, by label or payload; a chip is a quick reply.

        `force` taps a payload that is on no screen. Raises `LookupError` for what is not there,
        and for links, of which Meta tells nobody.
        """
        found = Choice("button", choice, choice)
        if not force:
            found = self.find_choice(person, choice, message_id)
        if found.kind == "link":
            raise LookupError(f"{choice!r} is a link to {found.url}")
        if found.kind == "chip":
            return self.quick_reply(person, found.payload, label=found.label)
        mid = self.next_id("aWdf")
        self._open(person, Bubble(mid, "person", self.clock.now(), found.label))
        postback = {"mid": mid, "title": found.label, "payload": found.payload}
        return self._messaging(person, {"postback": postback}, mid)

    def quick_reply(self, person: str, payload: str, *, label: str = "") -> Hook:
        """A chip is tapped: a message that carries its payload."""
        text = label or self.find_choice(person, payload).label
        message: Json = {"text": text, "quick_reply": {"payload": payload}}
        return self._message(person, message, Bubble("", "person", self.clock.now(), text))

    def referral(self, person: str, ref: str, source: str = "https://ig.me/m/the_shop") -> Hook:
        """They come back into an existing chat through a link."""
        if self.person(person).thread:
            self.person(person).window_opened = self.clock.now()
        told = {"ref": ref, "source": source, "type": "OPEN_THREAD"}
        return self._messaging(person, {"referral": told}, "")

    def react(self, person: str, message_id: str, emoji: str = "❤️") -> Hook:
        """An emoji on a message of ours."""
        self.bubble(person, message_id).reaction = emoji
        self.person(person).window_opened = self.clock.now()
        told = {"mid": message_id, "action": "react", "reaction": "love", "emoji": emoji}
        return self._messaging(person, {"reaction": told}, message_id)

    def read(self, person: str, message_id: str | None = None) -> Hook:
        """They have seen everything up to this message, or to the last of ours."""
        mid = message_id or self.last_from_shop(person).id
        return self._messaging(person, {"read": {"mid": mid}}, mid)

    def unsend(self, person: str, message_id: str) -> Hook:
        """They take a message of theirs back."""
        bubble = self.bubble(person, message_id)
        bubble.text, bubble.note = "", "unsent"
        message = {"mid": message_id, "is_deleted": True}
        return self._messaging(person, {"message": message}, message_id)

    def edit(self, person: str, message_id: str, text: str, number: int = 1) -> Hook:
        """They change a message of theirs."""
        bubble = self.bubble(person, message_id)
        bubble.text, bubble.note = text, "edited"
        told = {"mid": message_id, "text": text, "num_edit": str(number)}
        return self._messaging(person, {"message_edit": told}, message_id)

    # --- from the shop's side -------------------------------------------------------------------

    def echo(self, person: str, message_id: str) -> Hook:
        """A message that left the account, reported back to it without any mark of who sent it."""
        text = self.bubble(person, message_id).text
        message: Json = {"mid": message_id, "is_echo": True, "text": text}
        return self._messaging(person, {"message": message}, message_id, from_shop=True)

    def typed_by_hand(self, person: str, text: str) -> Hook:
        """Somebody of the shop answers in the Instagram app."""
        mid = self.next_id("aWdf")
        self.person(person).thread.append(Bubble(mid, "shop", self.clock.now(), text))
        return self.echo(person, mid)

    def batch(self, *hooks: Hook, one_entry: bool = False) -> Hook:
        """Several posts as one; with `one_entry`, their events share an entry for each account."""
        entries = entries_of(hooks)
        return hook(self.app_secret, merged(entries) if one_entry else entries)

    def standby(self, one: Hook) -> Hook:
        """The same event while another app holds the chat."""
        entries = [
            {"standby" if name == "messaging" else name: part for name, part in entry.items()}
            for entry in entries_of([one])
        ]
        return hook(self.app_secret, entries, one.id)

    # --- the wire -------------------------------------------------------------------------------

    def _message(self, person: str, message: Json, bubble: Bubble) -> Hook:
        bubble.id = self.next_id("aWdf")
        self._open(person, bubble)
        return self._messaging(person, {"message": {"mid": bubble.id, **message}}, bubble.id)

    def _open(self, person: str, bubble: Bubble) -> None:
        """What they say or tap opens the window of 24 hours."""
        who = self.person(person)
        who.thread.append(bubble)
        who.window_opened = bubble.at

    def _messaging(self, person: str, event: Json, about: str, *, from_shop: bool = False) -> Hook:
        them, us = {"id": person}, {"id": self.account_id}
        sender, recipient = (us, them) if from_shop else (them, us)
        now = self.clock.now()
        item: Json = {"sender": sender, "recipient": recipient, "timestamp": _milliseconds(now)}
        return self._post({"messaging": [{**item, **event}]}, about, now)

    def _post(self, inside: Json, about: str, at: datetime) -> Hook:
        milliseconds = _milliseconds(at)
        # Meta times entries of the chat in milliseconds, those of comments in seconds.
        time = milliseconds if "messaging" in inside else milliseconds // 1000
        return hook(self.app_secret, [{"id": self.account_id, "time": time, **inside}], about)


def _milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)
