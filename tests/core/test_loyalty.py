"""Points and tiers."""

from __future__ import annotations

import pytest

from app.core.catalogue import Membership, Tier
from app.core.loyalty import points_earned, standing

GREEN, GOLD, BLACK = Tier("green", 0), Tier("gold", 300_000), Tier("black", 1_000_000)
CLUB = Membership(1, (GOLD, GREEN, BLACK))


@pytest.mark.parametrize(
    ("spent", "tier", "following", "distance"),
    [
        (0, GREEN, GOLD, 300_000),
        (15_000, GREEN, GOLD, 285_000),
        (299_999, GREEN, GOLD, 1),
        (300_000, GOLD, BLACK, 700_000),
        (1_000_000, BLACK, None, None),
    ],
)
def test_where_a_member_stands(spent, tier, following, distance):
    where = standing(spent, CLUB)
    assert (where.tier, where.next_tier, where.to_next) == (tier, following, distance)


def test_without_a_club_there_is_no_tier():
    where = standing(1_000_000, None)
    assert (where.tier, where.next_tier, where.to_next) == (None, None, None)


@pytest.mark.parametrize(
    ("goods", "percent", "points"),
    [(15_000, 1, 150), (199, 1, 1), (99, 1, 0), (0, 5, 0), (-100, 5, 0), (1000, -3, 0)],
)
def test_points_are_whole_and_rounded_down(goods, percent, points):
    assert points_earned(goods, Membership(percent)) == points


def test_no_club_no_points():
    assert points_earned(15_000, None) == 0
