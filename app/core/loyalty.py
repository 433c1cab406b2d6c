"""Points and tiers: how a shop rewards its regulars. Amounts are minor units, points whole."""

from __future__ import annotations

import msgspec

from app.core.catalogue import Membership, Tier


class Standing(msgspec.Struct, frozen=True):
    """Where a member stands. `to_next` is in minor units, None at the top (or without tiers)."""

    tier: Tier | None
    next_tier: Tier | None
    to_next: int | None


def standing(spent: int, membership: Membership | None) -> Standing:
    """The tier reached by `spent` minor units of lifetime spending, the next and its distance."""
    tiers = sorted(membership.tiers, key=lambda x: x.threshold) if membership else []
    reached = [x for x in tiers if x.threshold <= spent]
    ahead = [x for x in tiers if x.threshold > spent]
    following = ahead[0] if ahead else None
    return Standing(
        reached[-1] if reached else None,
        following,
        following.threshold - spent if following else None,
    )


def points_earned(goods: int, membership: Membership | None) -> int:
    """Points for goods worth that many minor units, delivery left out; a part of one is dropped.

    One point is worth one minor unit: 1 % of 15,000 won is 150 points, of 199 won is 1.
    """
    if membership is None or goods <= 0:
        return 0
    return goods * max(0, membership.earn_percent) // 100
