"""What the shopper sees: the posts with their comments, and the chat on the phone."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core.catalogue import Campaign, Product, Shop, Variant, Words
from app.web.play.stage import Stage

Json = dict[str, Any]
FIRST_MEDIA = 18_000_000_000_000_001
PICTURES = "/static/pictures/"
SLUGS_WITH_PICTURE = frozenset({"drip-bag", "moon-mug", "sambe-filter", "tote-bag"})


def said_in(words: Words, language: str) -> str:
    """The words in that language, or in any."""
    return words.get(language) or next(iter(words.values()), "")


def picture_of(product: Product) -> str:
    """A product's own picture, one of ours where it has none."""
    if product.image:
        return product.image
    slug = product.slug if product.slug in SLUGS_WITH_PICTURE else "parcel"
    return f"{PICTURES}{slug}.svg"


def posts_of(shop: Shop, language: str) -> list[Json]:
    """One post for each campaign that has something to sell."""
    posts = []
    for number, campaign in enumerate(one for one in shop.campaigns if one.active):
        products = [shop.products[x] for x in campaign.product_ids if x in shop.products]
        if not products:
            continue
        first = products[0]
        posts.append(
            {
                "media": str(FIRST_MEDIA + number),
                "slug": campaign.slug,
                "hashtag": campaign.hashtag,
                "title": said_in(first.title, language),
                "caption": said_in(first.description, language),
                "price": shop.money(min(x.price for x in first.variants)).written(language)
                if first.variants
                else "",
                "picture": picture_of(first),
                "ideas": _ideas(campaign, first, language),
            }
        )
    return posts


def _ideas(campaign: Campaign, product: Product, language: str) -> list[str]:
    """Comments worth trying, from the hashtag alone to all in one sentence."""
    ideas = [campaign.hashtag]
    if product.variants and product.options:
        ideas.append(f"{campaign.hashtag} {_named(product, product.variants[0], language)}")
        last = _named(product, product.variants[-2 if len(product.variants) > 2 else -1], language)
        two = "두 개요" if language == "ko" else "two please"
        ideas.append(f"{campaign.hashtag} {last} {two}")
    return ideas


def _named(product: Product, variant: Variant, language: str) -> str:
    named = []
    for option, value in zip(product.options, variant.values, strict=False):
        labels = option.labels.get(value)
        named.append(said_in(labels, language) if labels else value)
    return " ".join(named)


def comments_of(stage: Stage, media: str) -> list[Json]:
    """The comments under one post, replies behind what they answer."""
    shown: list[Json] = []
    replies: dict[str, list[Json]] = {}
    for comment in stage.platform.comments_under(media):
        one = {
            "id": comment.id,
            "name": stage.platform.name_of(comment.author),
            "author": comment.author,
            "ours": comment.author == stage.account,
            "text": comment.text,
            "at": comment.at.isoformat(),
            "parent": comment.parent,
        }
        if comment.parent:
            replies.setdefault(comment.parent, []).append(one)
        else:
            shown.append(one)
    return [each for one in shown for each in (one, *replies.get(one["id"], ()))]


def thread_of(stage: Stage, person: str) -> list[Json]:
    """The chat on this person's phone."""
    return [_bubble(msgspec.to_builtins(bubble)) for bubble in stage.platform.thread(person)]


def _bubble(given: Json) -> Json:
    choices = given.get("choices", ())
    message: Json = {"text": given.get("text", "")}
    if given.get("image_url"):
        message["image"] = given["image_url"]
    message["buttons"] = [_choice(one) for one in choices if one["kind"] != "chip"]
    message["chips"] = [_choice(one) for one in choices if one["kind"] == "chip"]
    message["cards"] = [
        {
            "title": card["title"],
            "subtitle": card.get("subtitle", ""),
            "image": card.get("image_url"),
            "buttons": [_choice(one) for one in card.get("choices", ())],
        }
        for card in given.get("cards", ())
    ]
    side = "shop" if given["side"] == "shop" else "visitor"
    return {"id": given["id"], "side": side, "at": given["at"], "message": message}


def _choice(given: Json) -> Json:
    shown = {"label": given["label"], "kind": given["kind"]}
    if given.get("url"):
        return {**shown, "url": given["url"]}
    return {**shown, "token": given.get("payload", "")}
