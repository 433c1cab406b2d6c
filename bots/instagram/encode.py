"""Puts a neutral message into Instagram's words: the richest form that takes it whole.

A chat shows buttons, chips or cards where they fit, otherwise numbered text. What has to be cut,
because core let it grow too long, is cut with an ellipsis and never within a link.
"""

from __future__ import annotations

from app.core.errors import NeverSend
from app.core.outbound import Button, Card, Message
from app.edge.text import clip, measure, plain
from bots.instagram.limits import CARD_SUBTITLE, LIMITS, PAYLOAD, RULE_EMPTY, RULE_PAYLOAD

Json = dict[str, object]


def encode_message(message: Message, *, private_reply: bool) -> Json:
    """The `message` object of a send. A private reply takes text and buttons only.

    Raises `NeverSend` when there is nothing in it, or a button's token is too long.
    """
    if not (message.text.strip() or message.cards or message.image_url):
        raise NeverSend("The message is empty.", rule=RULE_EMPTY)
    encoded = _in_reply(message) if private_reply else _in_chat(message)
    return encoded or _text(plain(message, LIMITS).text)


def is_template(encoded: Json) -> bool:
    """Whether Instagram could refuse the form and still take the same words as text."""
    return "attachment" in encoded or "quick_replies" in encoded


def clipped(text: str) -> str:
    """Text as Instagram takes it: at most 1000 bytes."""
    return clip(text, LIMITS.text, LIMITS.text_unit)


def _in_reply(message: Message) -> Json | None:
    if message.cards or not message.text.strip():
        return None
    return _with_buttons(message) if message.buttons else _text(message.text)


def _in_chat(message: Message) -> Json | None:
    if message.cards:
        return _with_cards(message)
    if message.image_url:
        with_picture = _with_picture(message, message.image_url)
        if with_picture is not None:
            return with_picture
    if not message.text.strip():
        return None
    if not message.buttons:
        return _text(message.text)
    return _with_buttons(message) or _with_chips(message)


def _with_buttons(message: Message) -> Json | None:
    """A button template. Words too long for it give way only where they are too long for all."""
    if len(message.buttons) > LIMITS.buttons:
        return None
    too_long = len(message.text) > LIMITS.button_text
    if too_long and measure(plain(message).text, LIMITS.text_unit) <= LIMITS.text:
        return None
    text = clip(message.text, LIMITS.button_text)
    return _template("button", text=text, buttons=[_button(one) for one in message.buttons])


def _with_chips(message: Message) -> Json | None:
    """Quick replies, which hold answers and no links."""
    if len(message.buttons) > LIMITS.quick_replies or any(one.url for one in message.buttons):
        return None
    chips = [
        {
            "content_type": "text",
            "title": clip(one.label, LIMITS.quick_label),
            "payload": _payload(one),
        }
        for one in message.buttons
    ]
    return {**_text(message.text), "quick_replies": chips}


def _with_picture(message: Message, url: str) -> Json | None:
    """A picture alone, or a card when the words fit under it; else the words go without it."""
    if not message.text.strip() and not message.buttons:
        return {"attachment": {"type": "image", "payload": {"url": url}}}
    title, _, subtitle = message.text.strip().partition("\n")
    fits = title and len(title) <= LIMITS.card_title and len(subtitle) <= CARD_SUBTITLE
    if not fits or len(message.buttons) > LIMITS.buttons:
        return None
    card = Card(title=title, subtitle=subtitle, image_url=url, buttons=message.buttons)
    return _template("generic", elements=[_element(card)])


def _with_cards(message: Message) -> Json | None:
    """A carousel, which has no place for words or buttons outside its cards."""
    if message.text.strip() or message.buttons or len(message.cards) > LIMITS.cards:
        return None
    if not all(_shows(card) for card in message.cards):
        return None
    return _template("generic", elements=[_element(card) for card in message.cards])


def _shows(card: Card) -> bool:
    # A title alone is refused.
    more = card.subtitle or card.image_url or card.buttons
    return bool(card.title and more) and len(card.buttons) <= LIMITS.buttons


def _element(card: Card) -> Json:
    element: Json = {"title": clip(card.title, LIMITS.card_title)}
    if card.subtitle:
        element["subtitle"] = clip(card.subtitle, CARD_SUBTITLE)
    if card.image_url:
        element["image_url"] = card.image_url
    if card.buttons:
        element["buttons"] = [_button(one) for one in card.buttons]
    return element


def _button(button: Button) -> Json:
    title = clip(button.label, LIMITS.button_label)
    if button.url:
        return {"type": "web_url", "title": title, "url": button.url}
    return {"type": "postback", "title": title, "payload": _payload(button)}


def _payload(button: Button) -> str:
    payload = button.token or button.label
    if len(payload) > PAYLOAD:
        raise NeverSend(
            f"The token of the button {button.label!r} has more than {PAYLOAD} characters.",
            rule=RULE_PAYLOAD,
        )
    return payload


def _template(kind: str, **payload: object) -> Json:
    return {
        "attachment": {"type": "template", "payload": {"template_type": kind, **payload}},
    }


def _text(text: str) -> Json:
    return {"text": clipped(text)}
