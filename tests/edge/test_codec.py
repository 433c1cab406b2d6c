"""JSON that we write, and JSON that strangers write."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.outbound import Button
from app.edge.codec import (
    UNREADABLE,
    Malformed,
    canonical,
    decode,
    decode_lenient,
    digest,
    encode,
    split_array,
    split_object,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


def test_we_write_compact_utf8():
    assert encode({"b": "한", "a": [1, None]}) == '{"b":"한","a":[1,null]}'.encode()


def test_the_same_value_has_the_same_canonical_bytes():
    assert canonical({"b": 1, "a": {"d": 2, "c": 3}}) == b'{"a":{"c":3,"d":2},"b":1}'
    assert canonical({"a": {"c": 3, "d": 2}, "b": 1}) == b'{"a":{"c":3,"d":2},"b":1}'


def test_our_own_documents_are_read_strictly():
    assert decode(b'{"label":"A","token":"t"}', Button) == Button("A", token="t")
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"label":1}', Button)


def test_a_digest_is_sha256():
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'"half \\ud83d"', "half \ufffd"),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'["a\\u0000b"]', ["ab"]),
        (b'{"a\\u0000":{"b":["\\ude00"]}}', {"a": {"b": ["\ufffd"]}}),
        (b'"\xff"', "\ufffd"),
        (b"1e999", float("inf")),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
    ],
)
def test_a_strangers_text_is_made_fit_to_store(raw, value):
    assert decode_lenient(raw) == value


@pytest.mark.parametrize("raw", [b"", b"nul", b"[" * 100_000, b"9" * 5000, b'{"a":'])
def test_what_cannot_be_read_raises_what_is_expected(raw):
    with pytest.raises(UNREADABLE):
        decode_lenient(raw)


def test_a_piece_that_cannot_be_read_leaves_its_neighbours():
    deep = b"[" * 5000 + b"]" * 5000
    assert split_array(b'[1, "a,]" ,' + deep + b', {"b":[2]}]') == [
        b"1",
        b'"a,]"',
        deep,
        b'{"b":[2]}',
    ]
    assert split_object(b'{"a": "\\ud83d" , "b\\"": ' + deep + b', "c":{"d":1}}') == {
        "a": b'"\\ud83d"',
        'b"': deep,
        "c": b'{"d":1}',
    }


@pytest.mark.parametrize(
    "raw",
    [b"", b"1", b"{}", b'{"a":1}', b"[1", b"1]", b"[1]]", b"[[1]", b"[1],[2]", b'["\\ud800"]]'],
)
def test_what_is_no_list_is_said_to_be_none(raw):
    with pytest.raises(Malformed):
        split_array(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"a"}',
        b'{"\\ud800"}',
        b'{"a":}',
        b"{1:2}",
        b"{[1]:2}",
        b'{"\\ud800":1}}',
        b"{}{}",
    ],
)
def test_what_is_no_object_is_said_to_be_none(raw):
    with pytest.raises(Malformed):
        split_object(raw)


def test_there_is_an_end_to_looking_by_hand():
    with pytest.raises(Malformed):
        split_array(b'["\\ud800"' + b",1" * 400_000 + b"]")


@given(st.lists(JSON))
def test_the_pieces_of_a_list_are_its_elements(value):
    raw = json.dumps(value).encode()
    assert [decode_lenient(piece) for piece in split_array(raw)] == [
        decode_lenient(json.dumps(one).encode()) for one in value
    ]


@given(st.lists(JSON), st.dictionaries(st.text(st.characters(codec="utf-8")), JSON))
def test_by_hand_and_by_library_give_the_same(values, members):
    """A lone surrogate at the end makes the library give up; what came before must not change."""
    half = b'"\\ud800"'
    plain = json.dumps(values).encode()
    broken = plain[:-1] + (b"," if values else b"") + half + b"]"
    assert split_array(broken) == [*split_array(plain), half]
    named = json.dumps({**members, "zz": 0}).encode()
    assert split_object(named[:-2] + half + b"}") == {**split_object(named), "zz": half}


@given(st.binary())
def test_bytes_of_any_kind_raise_only_what_is_expected(raw):
    for read in (split_array, split_object, decode_lenient):
        try:
            read(raw)
        except UNREADABLE:
            continue
