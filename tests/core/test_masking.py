"""What a chat and a log may show of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.addresses import Address
from app.core.masking import mask_address, mask_email, mask_name, mask_numbers, mask_phone

MINA = Address(
    "김미나", "KR", "테헤란로 152", "+821023456789", "06236", "서울특별시", "강남구", "5층 502호"
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김미나", "김*나"),
        ("김미", "김*"),
        ("남궁민수", "남**수"),
        ("Mina Kim", "M*** K**"),
        ("김", "김"),
        ("", ""),
    ],
)
def test_names(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+821023456789", "010-****-6789"),
        ("+8223456789", "02-***-6789"),
        ("+819012345678", "090-****-5678"),
        ("+12127363100", "(***) ***-3100"),
        ("", ""),
    ],
)
def test_phones(number, shown):
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("테헤란로 152", "테헤란로 1**"),
        ("강남대로94길 15", "강남대로94길 1*"),
        ("우동 1411-2", "우동 1***-*"),
        ("중앙로 1", "중앙로 *"),
        ("350 5th Ave", "3** 5th Ave"),
    ],
)
def test_house_numbers(line, shown):
    assert mask_numbers(line) == shown


def test_an_address_is_shown_so_that_its_owner_knows_it():
    assert mask_address(MINA) == "김*나, 06236 서울 강남구 테헤란로 1**, 010-****-6789"
    ann = Address(
        "Ann Lee", "US", "350 5th Ave", "+12127363100", "10118", "NY", "New York", "Apt 9"
    )
    assert mask_address(ann) == "A** L**, 3** 5th Ave, New York, NY 10118, (***) ***-3100"


def test_email():
    assert mask_email("mina@example.com") == "m***@example.com"
    assert mask_email("odd") == "***"


@given(
    st.text(alphabet="가나다라마바사아자차카타파하", min_size=2, max_size=4), st.integers(10, 9999)
)
def test_masking_hides_name_number_and_detail(name, house):
    address = Address(name, "KR", f"테헤란로 {house}", "+821098761234", line2="비밀번호 1234")
    shown = mask_address(address)
    assert name not in shown
    assert f"로 {house}" not in shown
    assert "9876" not in shown
    assert "비밀" not in shown
