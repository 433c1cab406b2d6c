"""What the fake remembers: people, comments, and the threads as a phone would show them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.clock import Clock


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to tap: `button` (stays), `chip` (gone after the next message) or `link`."""

    kind: str
    label: str
    payload: str = ""
    url: str = ""


class CardShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """One card of a carousel."""

    title: str
    subtitle: str = ""
    image_url: str = ""
    choices: tuple[Choice, ...] = ()


class Bubble(msgspec.Struct, omit_defaults=True):
    """One message of a thread. `side` is `person` or `shop`; `note` says what became of it."""

    id: str
    side: str
    at: datetime
    text: str = ""
    choices: tuple[Choice, ...] = ()
    cards: tuple[CardShown, ...] = ()
    image_url: str = ""
    reaction: str = ""
    note: str = ""


class Person(msgspec.Struct):
    """Somebody on Instagram, as this account knows them (an Instagram-scoped id)."""

    id: str
    username: str
    window_opened: datetime | None = None
    blocked: bool = False
    thread: list[Bubble] = msgspec.field(default_factory=list)


class Comment(msgspec.Struct):
    """A public comment. `author` is a person's id, or the account's for its own replies."""

    id: str
    author: str
    text: str
    media: str
    at: datetime
    live: bool = False
    parent: str | None = None
    private_reply: str | None = None
    deleted: bool = False


class Sent(msgspec.Struct, frozen=True):
    """One accepted send. `to` is a person's id, or a comment's for a public reply.

    `kind` is `chat`, `comment-private` or `comment-public`; `request` the JSON as it came.
    """

    number: int
    kind: str
    to: str
    message_id: str
    text: str
    at: datetime
    request: dict[str, object]
    comment_id: str = ""


class World:
    """The state. Ids come from a counter, so that the same acts give the same ids."""

    def __init__(self, clock: Clock, account_id: str, username: str) -> None:
        self.clock = clock
        self.account_id = account_id
        self.username = username
        self.people: dict[str, Person] = {}
        self.comments: dict[str, Comment] = {}
        self.off_air: set[str] = set()
        self.log: list[Sent] = []
        self._count = 0

    def count_from(self, number: int) -> None:
        """Ids go on from there: for a platform that is played again over an older database."""
        self._count = number

    def next_id(self, prefix: str) -> str:
        """Ids that look like Meta's: a comment's is a long number, a message's is opaque."""
        self._count += 1
        return f"{prefix}{self._count:011d}"

    def person(self, person: str, username: str | None = None) -> Person:
        """The person of this id, who comes into being when first named."""
        if person not in self.people:
            self.people[person] = Person(id=person, username=username or f"user_{person}")
        if username is not None:
            self.people[person].username = username
        return self.people[person]

    def thread(self, person: str) -> tuple[Bubble, ...]:
        """The private chat with this person, oldest first."""
        return tuple(self.people[person].thread) if person in self.people else ()

    def comments_under(self, media: str) -> tuple[Comment, ...]:
        """The comments of one post that still stand, oldest first, replies among them."""
        return tuple(c for c in self.comments.values() if c.media == media and not c.deleted)

    def name_of(self, author: str) -> str:
        """The username shown beside a comment."""
        return self.username if author == self.account_id else self.person(author).username

    def end_broadcast(self, media: str) -> None:
        """The live video is over: its comments can no longer be answered."""
        self.off_air.add(media)

    def delete_comment(self, comment_id: str) -> None:
        """The comment is gone. Meta tells nobody."""
        self.comments[comment_id].deleted = True

    def block(self, person: str, *, blocked: bool = True) -> None:
        """The person wants nothing more from this account, or does again."""
        self.person(person).blocked = blocked

    def sent_to(self, to: str) -> tuple[Sent, ...]:
        """What reached this person, or stands under this comment, in order."""
        return tuple(sent for sent in self.log if sent.to == to)

    def bubble(self, person: str, message_id: str) -> Bubble:
        """A message of this person's thread. Raises `LookupError`."""
        for bubble in self.person(person).thread:
            if bubble.id == message_id:
                return bubble
        raise LookupError(f"{person} sees no message {message_id}")

    def last_from_shop(self, person: str) -> Bubble:
        """The newest message of ours. Raises `LookupError` when there is none."""
        for bubble in reversed(self.person(person).thread):
            if bubble.side == "shop":
                return bubble
        raise LookupError(f"nothing was sent to {person}")

    def find_choice(self, person: str, choice: str, message_id: str | None = None) -> Choice:
        """What this person can tap, by its label or payload, newest message first.

        Chips are there only while their message is the last. Raises `LookupError`.
        """
        thread = self.person(person).thread
        for bubble in reversed(thread):
            if message_id not in (None, bubble.id):
                continue
            inner = (one for card in bubble.cards for one in card.choices)
            for one in (*bubble.choices, *inner):
                gone = one.kind == "chip" and bubble is not thread[-1]
                if choice in (one.label, one.payload) and not gone:
                    return one
        raise LookupError(f"{person} sees nothing called {choice!r} to tap")
