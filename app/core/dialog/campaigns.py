"""Which campaigns a text names, and what is said under the comment."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.core.dialog.facts import Campaign, Shop
from app.core.dialog.plain import is_word_letter, plain
from app.core.dialog.state import CommentRef
from app.core.dialog.turn import Turn
from app.core.dialog.wants import Say

When = Literal["live", "before", "over"]


class Match(msgspec.Struct, frozen=True):
    """A campaign whose hashtag stands in a text, and whether it runs at that moment."""

    campaign: Campaign
    when: When


def tag_letters(hashtag: str) -> str:
    """A hashtag without its sign and blanks: what has to be typed."""
    return "".join(x for x in plain(hashtag) if not x.isspace() and x != "#")


def find(text: str, shop: Shop, now: datetime) -> list[Match]:
    """The campaigns named in a text, in the order in which they stand there."""
    return [Match(x, when(x, now)) for x in _named(plain(text), shop)]


def when(campaign: Campaign, now: datetime) -> When:
    """Does it run now? `starts` is included, `ends` is not."""
    if campaign.starts is not None and now < campaign.starts:
        return "before"
    if not campaign.active or (campaign.ends is not None and now >= campaign.ends):
        return "over"
    return "live"


def without_tags(text: str, shop: Shop) -> str:
    """The plain text with the shop's hashtags taken out; other people's tags lose their sign."""
    cleaned = plain(text)
    for start, end, _ in reversed(_spans(cleaned, shop)):
        cleaned = cleaned[:start] + " " + cleaned[end:]
    return " ".join(cleaned.replace("#", " ").split())


def _named(cleaned: str, shop: Shop) -> list[Campaign]:
    found: list[Campaign] = []
    for _, _, campaigns in _spans(cleaned, shop):
        found.extend(x for x in campaigns if x not in found)
    return found


def _spans(cleaned: str, shop: Shop) -> list[tuple[int, int, list[Campaign]]]:
    """Where tags stand: at each sign the longest tag that fits, as a person would read it."""
    tags: dict[str, list[Campaign]] = {}
    for campaign in shop.campaigns:
        letters = tag_letters(campaign.hashtag)
        if letters:
            tags.setdefault(letters, []).append(campaign)
    spans = []
    for start, letter in enumerate(cleaned):
        if letter != "#":
            continue
        fits = [(end, tag) for tag in tags if (end := _end(cleaned, start + 1, tag)) is not None]
        if fits:
            end, tag = max(fits)
            spans.append((start, end, tags[tag]))
    return spans


def _end(cleaned: str, at: int, tag: str) -> int | None:
    """Where `tag` ends when it stands at `at`, blanks inside allowed, nothing glued behind."""
    for letter in tag:
        while at < len(cleaned) and cleaned[at].isspace():
            at += 1
        if at >= len(cleaned) or cleaned[at] != letter:
            return None
        at += 1
    glued = at < len(cleaned) and is_word_letter(cleaned[at])
    return None if glued else at


def public_reply(turn: Turn, ref: CommentRef) -> Say | None:
    """What everyone reads under the comment: the person's @name and nothing else of theirs."""
    campaign = next((x for x in turn.shop.campaigns if x.id == turn.state.campaign_id), None)
    if campaign is None or not ref.public or not turn.facts.limits.public_reply:
        return None
    text = turn.words(campaign.public_reply)
    if not text:
        return None
    return Say(
        key="",
        text=f"@{ref.handle} {text}" if ref.handle else text,
        language=turn.language,
        to="comment-public",
        comment_id=ref.comment_id,
        commented_at=ref.commented_at,
        live=ref.live,
        purpose="public-reply",
    )
