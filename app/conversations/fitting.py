"""What fits into a channel's message, by its limits as data."""

from __future__ import annotations

from app.core.dialog.wants import Say
from app.core.outbound import Limits, Message
from app.edge.text import clip, measure, numbered


def fits_a_card(text: str, limits: Limits) -> bool:
    """Do the words fit under a picture? Else it is sent by itself, before them."""
    title, _, rest = text.strip().partition("\n")
    return len(title) <= limits.card_title and len(rest) <= limits.card_title


def mixes(say: Say, limits: Limits) -> bool:
    """May cards stand beside choices? Where they may not, choices are worth more.

    They may not where buttons are a template, known by its own limit for the words above them.
    """
    return say.to == "chat" and limits.button_text >= limits.text


def room_for_choices(say: Say, message: Message, limits: Limits) -> int:
    """How many choices this channel can show under this message."""
    if say.to == "comment-private":
        return limits.buttons if limits.comment_buttons else 0
    links = any(x.url for x in message.buttons)
    return limits.buttons if links else max(limits.buttons, limits.quick_replies)


def room_for_text(message: Message, limits: Limits) -> int:
    """How long the words may be above these choices, in the channel's unit."""
    template = len(message.buttons) <= limits.buttons
    return min(limits.text, limits.button_text) if template else limits.text


def listed(message: Message, room: int, limits: Limits, *, numbers: bool) -> str:
    """The words with every choice under them; the words give way so that the choices fit."""
    labels = [x.label for x in message.buttons if x.token]
    choices = numbered(labels) if numbers else "\n".join(f"• {x}" for x in labels)
    left = room - measure(choices, limits.text_unit) - 2
    words = clip(message.text, max(0, left), limits.text_unit)
    return clip("\n\n".join(x for x in (words, choices) if x), room, limits.text_unit)


def cut(message: Message, room: int, limits: Limits) -> Message:
    """The message with its words cut to that room."""
    text = clip(message.text, room, limits.text_unit)
    if text == message.text:
        return message
    return Message(text, message.buttons, message.cards, message.image_url)
