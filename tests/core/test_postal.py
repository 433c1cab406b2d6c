"""Addresses in what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.addresses import Address
from app.core.postal import check, fill, guess_country, parse

KR = [
    ("김미나 서울 강남구 테헤란로 152 5층 010-2345-6789",
     ("김미나", "서울특별시", "강남구", "테헤란로 152", "5층", "", "+821023456789")),
    ("서울시 마포구 양화로 45 메세나폴리스 101동 1203호 박지훈 01012345678",
     ("박지훈", "서울특별시", "마포구", "양화로 45", "메세나폴리스 101동 1203호", "",
      "+821012345678")),
    ("받는사람: 이서연\n연락처: 010 9876 5432\n"
     "주소: 경기도 성남시 분당구 판교역로 166 카카오 아지트",
     ("이서연", "경기도", "성남시 분당구", "판교역로 166", "카카오 아지트", "", "+821098765432")),
    ("부산 해운대구 우동 1411-2 최민수 010.5555.1234",
     ("최민수", "부산광역시", "해운대구", "우동 1411-2", "", "", "+821055551234")),
    ("06236 서울특별시 강남구 강남대로94길 15, 3층 (역삼동) 홍길동님 010-1111-2222 로 보내주세요",
     ("홍길동", "서울특별시", "강남구", "강남대로94길 15", "3층 (역삼동)", "06236",
      "+821011112222")),
    ("서울강남구테헤란로152 5층 김미나 01023456789",
     ("김미나", "서울특별시", "강남구", "테헤란로 152", "5층", "", "+821023456789")),
    ("제주 제주시 첨단로 242 남궁민수 010-2222-3333 문앞에 놔주세요",
     ("남궁민수", "제주특별자치도", "제주시", "첨단로 242", "", "", "+821022223333")),
    ("전라북도 전주시 완산구 노송광장로 10, 이영희, 063-222-1000",
     ("이영희", "전북특별자치도", "전주시 완산구", "노송광장로 10", "", "", "+82632221000")),
    ("테헤란로 152, 서울 강남구, 김미나 010-2345-6789",
     ("김미나", "서울특별시", "강남구", "테헤란로 152", "", "", "+821023456789")),
    ("경기도 고양시 일산동구 중앙로1275번길 38-31 A동 301호 김민수 01099998888",
     ("김민수", "경기도", "고양시 일산동구", "중앙로1275번길 38-31", "A동 301호", "",
      "+821099998888")),
]  # fmt: skip
US = [
    ("Mina Kim, 1600 Amphitheatre Parkway, Mountain View, CA 94043, +1 650-253-0000",
     ("Mina Kim", "CA", "Mountain View", "1600 Amphitheatre Parkway", "", "94043", "+16502530000")),
    ("John Smith\n350 5th Ave Apt 12B\nNew York, NY 10118\n212-736-3100",
     ("John Smith", "NY", "New York", "350 5th Ave", "Apt 12B", "10118", "+12127363100")),
    ("350 5th Ave New York NY 10118 John Smith 212-736-3100",
     ("John Smith", "NY", "New York", "350 5th Ave", "", "10118", "+12127363100")),
    ("PO Box 123, Austin, Texas 78701 Jane Roe (512) 555-0123",
     ("Jane Roe", "TX", "Austin", "PO Box 123", "", "78701", "+15125550123")),
]  # fmt: skip
JP = [
    ("〒100-0001 東京都千代田区千代田1-1 山田太郎 090-1234-5678",
     ("山田太郎", "東京都", "千代田区", "千代田1-1", "", "100-0001", "+819012345678")),
    ("山田 太郎 150-0001 東京都渋谷区神宮前1丁目2-3 パークビル501 090-1234-5678",
     ("山田 太郎", "東京都", "渋谷区", "神宮前1丁目2-3", "パークビル501", "150-0001",
      "+819012345678")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), [*KR, *US, *JP])
def test_one_message_holds_a_whole_address(text, fields):
    parsed = parse(text, "KR")
    made = parsed.address
    assert parsed.missing == ()
    assert (
        made.name, made.region, made.city, made.line1, made.line2, made.postcode, made.phone
    ) == fields  # fmt: skip


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("서울 강남구 역삼동 737 김미나", ("phone",)),
        ("서울 강남구 테헤란로 152", ("name", "phone")),
        ("테헤란로 152", ("region", "name", "phone")),
        ("大阪府大阪市北区梅田3-1-3", ("postcode", "name", "phone")),
        ("350 5th Ave, New York, NY", ("postcode", "name", "phone")),
    ],
)
def test_what_is_missing_is_named(text, missing):
    assert parse(text, "US").missing[: len(missing)] == missing


@pytest.mark.parametrize(
    "text",
    ["주소는 나중에 알려드릴게요", "두 개로 바꿔주세요", "I'll tell you later", "2 please", "네",
     "3 black ones", "make it 2", "#moonmug", "", "1", "030", "화이트 2개", "다크 30개입"],
)  # fmt: skip
def test_small_talk_is_no_address(text):
    assert not parse(text, "KR").street
    assert not parse(text, "US").street


def test_an_email_is_kept_aside():
    parsed = parse("김미나 mina@example.com 서울 강남구 테헤란로 152 010-2345-6789", "KR")
    assert parsed.email == "mina@example.com"
    assert parsed.missing == ()
    assert "@" not in str(parsed.address)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"country": "KR", "postcode": "123-456", "region": "서울특별시"}, "bad-postcode"),
        ({"country": "KR", "region": "평양"}, "bad-region"),
        ({"country": "US", "postcode": "1011", "region": "NY", "city": "New York"}, "bad-postcode"),
        ({"country": "US", "postcode": "10118", "region": "ZZ", "city": "New York"}, "bad-region"),
        ({"country": "JP", "postcode": "10", "region": "東京都", "city": "港区"}, "bad-postcode"),
        ({"country": "JP", "postcode": "100-0001", "region": "東京", "city": "港区"}, "bad-region"),
        ({"country": "KR", "region": "서울특별시", "phone": "123"}, "bad-phone"),
        ({"country": "FR", "phone": ""}, "phone"),
    ],
)
def test_each_country_has_its_shape(changes, code):
    fields = {"name": "x", "line1": "y 1", "phone": "+821023456789", **changes}
    assert check(Address(**fields)) == (code,)


def test_the_missing_piece_is_taken_from_the_answer():
    partial = parse("서울 강남구 테헤란로 152", "KR").address
    named = fill(partial, "name", "김미나 입니다")
    assert named.name == "김미나"
    assert fill(named, "phone", "글쎄요") == named
    whole = fill(named, "phone", "010 2345 6789 이에요")
    assert check(whole) == ()


def test_a_whole_address_as_an_answer_replaces_the_street_and_keeps_the_name():
    partial = parse("김미나 서울 강남구 테헤란로 152", "KR").address
    moved = fill(partial, "phone", "부산 해운대구 우동 1411-2 010-1111-2222")
    assert (moved.name, moved.line1, moved.phone) == ("김미나", "우동 1411-2", "+821011112222")


@pytest.mark.parametrize(
    ("code", "answer", "field"),
    [
        ("postcode", "it is 10118", "postcode"),
        ("region", "ny", "region"),
        ("city", "New York", "city"),
    ],
)
def test_american_pieces(code, answer, field):
    partial = parse("350 5th Ave", "US").address
    assert getattr(fill(partial, code, answer), field) in {"10118", "NY", "New York"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("서울 강남구", "KR"),
        ("東京都", "JP"),
        ("〒100", "JP"),
        ("New York, NY 10118", "US"),
        ("x", "JP"),
    ],
)
def test_the_country_is_guessed_from_the_text(text, country):
    assert guess_country(text, "JP") == country


@given(st.text(max_size=200), st.sampled_from(["KR", "US", "JP", "FR", ""]))
def test_no_text_breaks_the_reader(text, country):
    parsed = parse(text, country)
    assert parsed.address.country in {"KR", "US", "JP"}
    for code in parsed.missing:
        fill(parsed.address, code, text)


def test_a_very_long_text_is_read_quickly():
    assert not parse("가" * 10_000, "KR").street
    parse("1 " * 5_000, "US")
