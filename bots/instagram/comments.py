"""Comments under posts, reels, ads and live videos, in every shape they have been seen in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.clock import EPOCH
from app.core.inbound import Commented
from app.edge.codec import Malformed
from bots.instagram.readings import Reading, Source, unknown

if TYPE_CHECKING:
    from bots.instagram.fields import Fields


def read_comment(value: Fields, source: Source, *, live: bool) -> Reading:
    """A comment. It is addressed to its author, or to itself where Meta leaves the author out."""
    # Instagram Login says `id`, an example of Facebook Login's `comment_id`: both are the same.
    comment_id = value.id("id") or value.id("comment_id")
    value.knows("comment_id", "text", "media", "parent_id", "timestamp", "created_time")
    if not comment_id:
        raise Malformed("the comment has no id")
    key = f"comment:{comment_id}"
    author = value.part("from")
    author_id, author_name = author.id("id"), author.text("username")
    # Our own public replies come back as comments; acting on them would be talking to ourselves.
    if author.has("self_ig_scoped_id") or author_id == source.account:
        return unknown("own-comment", source, key=key)
    at = value.time("timestamp") or value.time("created_time")
    event = Commented(
        comment_id=comment_id,
        text=value.text("text"),
        commented_at=at or EPOCH,  # the entry's time takes its place: see parse.py
        post_ids=_post_ids(value.part("media")),
        author_id=author_id or None,
        author_name=author_name or None,
        live=live,
        parent_id=value.id("parent_id") or None,
    )
    address = f"user:{author_id}" if author_id else f"comment:{comment_id}"
    return Reading(key, address, event, at)


def read_mention(value: Fields, source: Source) -> Reading:
    """We are named under somebody else's post: there is no text in it and nothing to sell from."""
    value.knows("media_id")
    comment_id = value.id("comment_id")
    return unknown("mention", source, key=f"mention:{comment_id}" if comment_id else "")


def _post_ids(media: Fields) -> tuple[str, ...]:
    """The post, and the post that an advertisement was made of: a campaign may name either."""
    media.knows("media_product_type", "ad_id", "ad_title")
    found = (media.id("id"), media.id("original_media_id"))
    return tuple(dict.fromkeys(filter(None, found)))
