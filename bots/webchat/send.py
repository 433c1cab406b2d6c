"""The message as the chat page draws it."""

from __future__ import annotations

from app.core.errors import NeverSend
from app.core.outbound import Body, Button, Card, ChannelSend
from app.edge.codec import encode
from app.edge.text import clip
from bots.webchat.limits import LIMITS, RULE_DESTINATION, RULE_EMPTY

Json = dict[str, object]


def send(job: ChannelSend) -> Body:
    """What the page is given of an outbox row.

    Raises `NeverSend` for comments, which web chat has none of, and for a message without words.
    """
    if job.destination.to != "chat":
        raise NeverSend(f"Web chat has no {job.destination.to}.", rule=RULE_DESTINATION)
    message = job.message
    if not (message.text.strip() or message.cards or message.image_url):
        raise NeverSend("The message is empty.", rule=RULE_EMPTY)
    drawn: Json = {"text": clip(message.text, LIMITS.text)}
    if message.image_url and _is_web(message.image_url):
        drawn["image"] = message.image_url
    if message.buttons:
        drawn["buttons"] = _buttons(message.buttons)
    if message.cards:
        drawn["cards"] = [_card(card) for card in message.cards[: LIMITS.cards]]
    return Body(encode(drawn))


def _buttons(buttons: tuple[Button, ...]) -> list[Json]:
    return [_button(one) for one in buttons if one.url is None or _is_web(one.url)]


def _button(button: Button) -> Json:
    label = clip(button.label, LIMITS.button_label)
    if button.url is not None:
        return {"label": label, "url": button.url}
    return {"label": label, "token": button.token or ""}


def _card(card: Card) -> Json:
    drawn: Json = {"title": clip(card.title, LIMITS.card_title), "subtitle": card.subtitle}
    if card.image_url and _is_web(card.image_url):
        drawn["image"] = card.image_url
    drawn["buttons"] = _buttons(card.buttons)
    return drawn


def _is_web(address: str) -> bool:
    # A page must never be handed `javascript:` or `data:` to open.
    return address.startswith(("https://", "http://"))
