"""What a cart costs: explained to the last won."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.catalogue import ShippingRate
from app.core.errors import Rejected
from app.core.pricing import find_variant, quote, rates_for, shipping_price
from tests.core.hanok import STOCK, hanok

SHOP = hanok()
PARCEL = SHOP.shipping[0]


def test_a_quote_explains_its_total():
    made = quote([("v-mug-b", 1)], SHOP, PARCEL)
    assert [(x.kind, x.amount, x.unit, x.quantity) for x in made.lines] == [
        ("item", 15_000, 15_000, 1),
        ("shipping", 3_000, 3_000, 1),
    ]
    assert made.total == SHOP.money(18_000)
    assert made.goods == SHOP.money(15_000)


@pytest.mark.parametrize(("goods", "price"), [(49_999, 3_000), (50_000, 0), (50_001, 0)])
def test_delivery_is_free_from_the_limit_on(goods, price):
    assert shipping_price(PARCEL, goods) == price


def test_without_delivery_only_the_goods_are_paid():
    assert quote([("v-mug-b", 2)], SHOP).total == SHOP.money(30_000)


LINES = st.lists(
    st.tuples(st.sampled_from(sorted(STOCK)), st.integers(1, 20)), min_size=1, max_size=8
)
RATES = st.builds(
    ShippingRate,
    id=st.just("r"),
    name=st.just({"en": "x"}),
    price=st.integers(-5_000, 10_000_000),
    free_over=st.none() | st.integers(-1, 10_000_000),
)


@given(LINES, st.none() | RATES)
def test_lines_always_sum_to_the_total_and_none_is_below_zero(lines, rate):
    made = quote(lines, SHOP, rate)
    assert sum(x.amount for x in made.lines) == made.total.amount
    assert all(x.amount >= 0 and x.amount == x.unit * x.quantity for x in made.lines)
    assert made.goods.amount + sum(
        x.amount for x in made.lines if x.kind == "shipping"
    ) == made.total.amount  # fmt: skip
    assert len(made.lines) == len(lines) + (rate is not None)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "empty"),
        ([("v-mug-b", 0)], "quantity"),
        ([("v-mug-b", -1)], "quantity"),
        ([("v-mug-b", 21)], "quantity"),
        ([("v-gone", 1)], "no-variant"),
    ],
)
def test_what_cannot_be_bought_is_refused(lines, code):
    with pytest.raises(Rejected) as refusal:
        quote(lines, SHOP, PARCEL)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"), [({"active": False}, "no-variant"), ({"price": -1}, "price")]
)
def test_a_variant_taken_off_sale_or_mispriced_is_refused(changes, code):
    mug = SHOP.products["p-mug"]
    broken = msgspec.structs.replace(mug.variants[0], **changes)
    product = msgspec.structs.replace(mug, variants=(broken,))
    shop = msgspec.structs.replace(SHOP, products={"p-mug": product})
    with pytest.raises(Rejected) as refusal:
        quote([("v-mug-b", 1)], shop)
    assert refusal.value.code == code


def test_a_rate_reaches_its_countries_or_everywhere():
    anywhere = ShippingRate("r-2", {"en": "air"}, 20_000)
    shop = msgspec.structs.replace(SHOP, shipping=(PARCEL, anywhere))
    assert rates_for(shop, "KR") == (PARCEL, anywhere)
    assert rates_for(shop, "US") == (anywhere,)


def test_a_variant_is_found_with_its_product():
    found = find_variant(SHOP, "v-drip-d30")
    assert found is not None
    assert (found[0].slug, found[1].sku) == ("drip-bag", "DB-D-30")
    assert find_variant(SHOP, "nothing") is None
