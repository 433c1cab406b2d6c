"""Signatures: what was signed is known, whatever is claimed is compared safely."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.edge import signing
from app.edge.signing import is_one_of, keys, signature, signed_by

RAW = '{"text":"한글 \\/ emoji"}'.encode()


def test_a_signature_is_hmac_sha256_in_hex():
    # RFC 4231, test case 2.
    assert signature(b"Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_any_of_several_secrets_signs():
    for secret in ("newer", "older"):
        given_header = "sha256=" + signature(secret.encode(), RAW)
        assert signed_by("newer  older", RAW, given_header, prefix="sha256=")


def test_a_secret_may_be_korean():
    assert signed_by("비밀", RAW, signature("비밀".encode(), RAW))


@pytest.mark.parametrize("secrets", ["", " ", "\t\n"])
def test_no_secret_signs_nothing(secrets):
    assert keys(secrets) == ()
    assert not signed_by(secrets, RAW, signature(b"", RAW))
    assert not is_one_of(secrets, "")


@pytest.mark.parametrize("given_header", ["", "sha256=", "ÿ", "\ud800", "한" * 64, "0" * 100_000])
def test_hostile_headers_are_wrong_and_raise_nothing(given_header):
    assert not signed_by("secret", RAW, given_header, prefix="sha256=")
    assert not is_one_of("secret", given_header)


def test_the_prefix_belongs_to_it():
    assert not signed_by("secret", RAW, signature(b"secret", RAW), prefix="sha256=")
    assert not signed_by("secret", RAW, "sha256=" + signature(b"secret", RAW))


def test_every_secret_is_tried_even_after_a_hit(monkeypatch):
    """The time taken must not tell which of the secrets was right."""
    compared = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append(right)
        return hmac.compare_digest(left, right)

    class Watched:
        new = staticmethod(hmac.new)
        compare_digest = staticmethod(compare)

    monkeypatch.setattr(signing, "hmac", Watched)
    assert is_one_of("first second third", "first")
    assert compared == [b"first", b"second", b"third"]


@given(st.text(), st.binary(), st.text(st.characters()))
def test_nothing_raises(secrets, raw, header):
    assert signed_by(secrets, raw, header) in (True, False)
    assert is_one_of(secrets, header) in (True, False)


@given(st.binary(), st.integers(min_value=0), st.integers(0, 7))
def test_every_flipped_bit_is_seen(raw, at, bit):
    header = signature(b"secret", raw)
    changed = bytearray(raw or b"x")
    changed[at % len(changed)] ^= 1 << bit
    assert signed_by("secret", raw, header)
    assert not signed_by("secret", bytes(changed), header)
