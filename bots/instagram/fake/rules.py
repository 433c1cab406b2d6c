"""Instagram's rules for what is sent, each with the error that Meta gives for it."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from app.edge.text import measure
from bots.instagram.fake.world import CardShown, Choice, Comment, Person, World
from bots.instagram.limits import CARD_SUBTITLE, LIMITS, PAYLOAD

Json = dict[str, object]


class GraphError(Exception):
    """An answer with Meta's `error` object."""

    def __init__(
        self,
        code: int,
        text: str,
        *,
        subcode: int = 0,
        status: int = 400,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.code = code
        self.subcode = subcode
        self.text = text
        self.status = status
        self.headers = headers or {}

    def body(self) -> Json:
        error: Json = {
            "message": self.text,
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AFakeTrace",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        return {"error": error}


def refuse(text: str, subcode: int = 0) -> GraphError:
    """A bad parameter."""
    return GraphError(100, f"(#100) {text}", subcode=subcode)


class Shown:
    """A message that has passed the rules, as the phone shows it."""

    def __init__(self) -> None:
        self.text = ""
        self.image_url = ""
        self.choices: tuple[Choice, ...] = ()
        self.cards: tuple[CardShown, ...] = ()


def check_message(message: object) -> Shown:
    """Reads the `message` of a send. Raises `GraphError` where a limit is broken."""
    if not isinstance(message, dict):
        raise refuse("message must be an object")
    shown = Shown()
    attachment = message.get("attachment")
    if attachment is None:
        shown.text = _text(message)
    elif "text" in message:
        raise refuse("text and attachment cannot be sent together", 2534015)
    else:
        _attachment(attachment, shown)
    if "quick_replies" in message:
        shown.choices = _chips(message["quick_replies"])
    return shown


def _text(message: Json) -> str:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refuse("message must be non-empty", 2534015)
    if measure(text, LIMITS.text_unit) > LIMITS.text:
        raise refuse(f"Length of param message[text] must be at most {LIMITS.text} bytes")
    return text


def _chips(given: object) -> tuple[Choice, ...]:
    chips = _list(given, "quick_replies", LIMITS.quick_replies)
    # Longer titles are cut by Meta, not refused.
    return tuple(
        Choice("chip", _string(one, "title", 10_000)[: LIMITS.quick_label], _payload(one))
        for one in chips
        if _string(one, "content_type", 20) == "text"
    )


def _attachment(attachment: object, shown: Shown) -> None:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise refuse("attachment must have a payload", 2534015)
    kind, payload = attachment.get("type"), attachment["payload"]
    if kind == "image":
        shown.image_url = _url(payload, "url")
        return
    template = payload.get("template_type")
    if kind != "template" or template not in ("button", "generic"):
        raise refuse(f"no such attachment: {kind}/{template}", 2534015)
    if template == "button":
        shown.text = _string(payload, "text", LIMITS.button_text)
        shown.choices = _buttons(payload.get("buttons"))
        return
    elements = _list(payload.get("elements"), "elements", LIMITS.cards)
    shown.cards = tuple(_card(one) for one in elements)


def _card(element: Json) -> CardShown:
    if not element.keys() & {"subtitle", "image_url", "buttons", "default_action"}:
        raise refuse("an element needs more than a title", 2534015)
    return CardShown(
        title=_string(element, "title", LIMITS.card_title),
        subtitle=_string(element, "subtitle", CARD_SUBTITLE) if "subtitle" in element else "",
        image_url=_url(element, "image_url") if "image_url" in element else "",
        choices=_buttons(element["buttons"]) if "buttons" in element else (),
    )


def _buttons(given: object) -> tuple[Choice, ...]:
    return tuple(_button(one) for one in _list(given, "buttons", LIMITS.buttons))


def _button(button: Json) -> Choice:
    title = _string(button, "title", LIMITS.button_label)
    if button.get("type") == "postback":
        return Choice("button", title, _payload(button))
    if button.get("type") == "web_url":
        return Choice("link", title, url=_url(button, "url"))
    raise refuse(f"no such button: {button.get('type')}", 2534015)


def _payload(of: Json) -> str:
    return _string(of, "payload", PAYLOAD)


def _url(of: Json, name: str) -> str:
    url = _string(of, name, 2000)
    if not url.startswith(("https://", "http://")):
        raise refuse(f"{name} is not a web address", 2534015)
    return url


def _string(of: Json, name: str, longest: int) -> str:
    value = of.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise refuse(f"{name} must have 1 to {longest} characters", 2534015)
    return value


def _list(given: object, name: str, longest: int) -> list[Json]:
    if not isinstance(given, list) or not 0 < len(given) <= longest:
        raise refuse(f"{name} must have 1 to {longest} parts", 2534015)
    if not all(isinstance(one, dict) for one in given):
        raise refuse(f"{name} must be objects", 2534015)
    return given


def check_chat(person: Person | None, now: datetime) -> Person:
    """May this person be written to? Raises `GraphError`."""
    if person is None:
        raise refuse("No matching user found", 2534014)
    if person.blocked:
        raise GraphError(551, "(#551) This person isn't available right now.", subcode=1545041)
    window = timedelta(seconds=LIMITS.window or 0)
    if person.window_opened is None or now - person.window_opened >= window:
        raise GraphError(
            10, "(#10) This message is sent outside of allowed window.", subcode=2534022
        )
    return person


def check_private_reply(world: World, comment_id: object, now: datetime) -> Comment:
    """May this comment be answered privately? Raises `GraphError`."""
    comment = _comment(world, comment_id)
    age = (now - comment.at).total_seconds()
    over = comment.media in world.off_air if comment.live else age > (LIMITS.comment_window or 0)
    if over or comment.private_reply or comment.author == world.account_id:
        raise refuse("The comment is invalid for a private reply", 2534025)
    if world.person(comment.author).blocked:
        raise GraphError(551, "(#551) This person isn't available right now.", subcode=1545041)
    return comment


def check_public_reply(world: World, comment_id: object, text: object) -> Comment:
    """May this comment be answered in public? Raises `GraphError`."""
    comment = _comment(world, comment_id)
    if not isinstance(text, str) or not text.strip():
        raise refuse("The parameter message is required")
    if measure(text, LIMITS.text_unit) > LIMITS.text:
        raise refuse("The reply is too long")
    if comment.live or comment.parent:
        raise refuse("Replies go under top-level comments of posts that are not live")
    if any(c.parent == comment.id and c.text == text for c in world.comments.values()):
        raise GraphError(506, "(#506) Duplicate status message")
    return comment


def _comment(world: World, comment_id: object) -> Comment:
    comment = world.comments.get(comment_id) if isinstance(comment_id, str) else None
    if comment is None or comment.deleted:
        text = f"Unsupported post request. Object with ID '{comment_id}' does not exist"
        raise GraphError(100, text, subcode=33)
    return comment


class Rate:
    """At most `most` calls in any `seconds`; `error` is what the next one is told."""

    def __init__(self, most: float, seconds: float) -> None:
        self.most = most
        self.span = timedelta(seconds=seconds)
        self._times: deque[datetime] = deque()

    def full(self, now: datetime) -> bool:
        """Whether there is no room for one more now."""
        while self._times and now - self._times[0] >= self.span:
            self._times.popleft()
        return len(self._times) >= self.most

    def spend(self, now: datetime) -> None:
        self._times.append(now)
