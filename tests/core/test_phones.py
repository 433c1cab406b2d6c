"""Telephone numbers in what people type."""

from __future__ import annotations

import pytest

from app.core.phones import find, is_mobile, national, parse, region_of


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("010-2345-6789", "KR", "+821023456789"),
        ("01023456789", "KR", "+821023456789"),
        ("010.2345.6789", "KR", "+821023456789"),
        ("+82 010 2345 6789", "US", "+821023456789"),
        ("(212) 736-3100", "US", "+12127363100"),
        ("+1 650-253-0000", "KR", "+16502530000"),
        ("090-1234-5678", "JP", "+819012345678"),
    ],
)
def test_numbers_are_kept_as_e164(text, region, e164):
    assert parse(text, region) == e164
    assert [x.e164 for x in find(f"전화 {text} 입니다", region)] == [e164]


@pytest.mark.parametrize("text", ["", "12345", "06236", "테헤란로 152", "010", "abc"])
def test_what_is_no_number_is_none(text):
    assert parse(text, "KR") is None
    assert find(text, "KR") == []


def test_a_number_is_found_where_it_stands():
    text = "010 1234 5678 (부재시 문앞)"
    [phone] = find(text, "KR")
    assert (phone.region, text[phone.start : phone.end]) == ("KR", "010 1234 5678")


def test_what_is_known_of_a_number():
    assert region_of("+821023456789") == "KR"
    assert region_of("nonsense") == ""
    assert national("+821023456789") == "010-2345-6789"
    assert national("nonsense") == "nonsense"
    assert is_mobile("+821023456789")
    assert not is_mobile("+8215881234")
    assert not is_mobile("nonsense")
