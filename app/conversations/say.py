"""Putting words into the outbox, each on its stream, each once."""

from __future__ import annotations

from app.conversations.work import Work
from app.core.dialog.offers import labelled
from app.core.dialog.wants import Say
from app.core.outbound import ChannelSend, Destination, Message
from app.outbox.enqueue import Route, enqueue

# What a person of the shop must hear of when it cannot be told.
REPORTED = frozenset({"receipt", "shipping", "refund", "cancelled", "payment-failed"})


async def say(work: Work, want: Say) -> None:
    """Renders the words and queues them: into the chat, or as an answer to a comment."""
    chat, limits = work.chat, work.house.limits_of(work.chat.channel)
    renderer = work.house.renderer
    if want.to == "chat":
        for part in renderer.render_all(want, chat.state, work.shop, limits):
            _remember_labels(work, part)
            await _into_chat(work, want, part)
        return
    message = renderer.render(want, chat.state, work.shop, limits)
    _remember_labels(work, message)
    destination = Destination(
        to=want.to,
        comment_id=want.comment_id,
        commented_at=want.commented_at,
        live=want.live,
        recipient=chat.recipient,
    )
    private = f"private:{chat.channel}:{want.comment_id}"
    public = want.to == "comment-public"
    await enqueue(
        work.unit,
        _route(work, f"comment:{chat.lane.id}"),
        ChannelSend(destination, message, want.purpose),
        key=f"public:{chat.channel}:{want.comment_id}" if public else private,
        purpose=want.purpose or want.to,
        depends_on=private if public else None,
        report=not public,
    )


async def _into_chat(work: Work, want: Say, message: Message) -> None:
    chat = work.chat
    work.said += 1
    await enqueue(
        work.unit,
        _route(work, f"chat:{chat.lane.id}"),
        ChannelSend(Destination("chat", recipient=chat.recipient), message, want.purpose),
        key=f"say:{chat.lane.id}:{chat.seq + 1}:{work.said}",
        purpose=want.purpose,
        report=want.purpose in REPORTED,
    )


def _remember_labels(work: Work, message: Message) -> None:
    """A label is an answer as it was shown: cut to the channel's limit, in the shop's wording."""
    shown = [*message.buttons, *(button for card in message.cards for button in card.buttons)]
    labels = {button.token: button.label for button in shown if button.token}
    work.chat.state = labelled(work.chat.state, labels)


def _route(work: Work, stream: str) -> Route:
    chat = work.chat
    return Route(work.shop.id, stream, chat.channel, chat.account_id, chat.lane.id)
