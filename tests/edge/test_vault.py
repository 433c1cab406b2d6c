"""Secrets at rest: they open in their place, with a key we have, and nowhere else."""

from __future__ import annotations

import pytest

from app.core.errors import Broken, Rejected
from app.core.ids import SeededChance
from app.edge.vault import HEADER, AesVault, joined

OLD = "old-key-" + "o" * 24
NEW = "new-key-" + "n" * 24
PLACE = ("shp_1", "account", "secrets", "acc_1")


def vault_of(*keys: str, seed: int = 1) -> AesVault:
    return AesVault(list(keys), SeededChance(seed))


def test_a_value_opens_in_its_place():
    vault = vault_of(NEW)
    assert vault.open(vault.seal("비밀".encode(), *PLACE), *PLACE).decode() == "비밀"
    assert vault.open(vault.seal(b"", *PLACE), *PLACE) == b""


def test_the_same_value_never_looks_the_same_twice():
    vault = vault_of(NEW)
    assert vault.seal(b"secret", *PLACE) != vault.seal(b"secret", *PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        (),
        PLACE[:3],
        (*PLACE, ""),
        ("shp_2", *PLACE[1:]),
        ("shp_1account", "secrets", "acc_1"),
        ("shp_1", "account", "secretsacc_", "1"),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere):
    vault = vault_of(NEW)
    with pytest.raises(Broken):
        vault.open(vault.seal(b"secret", *PLACE), *elsewhere)


def test_no_two_places_agree():
    places = [
        ("a", "b"),
        ("ab",),
        ("a", "", "b"),
        ("a:1", "b"),
        ("a", "1:b"),
        ("1:a", "b"),
        ("", "ab"),
    ]
    assert len({joined(place) for place in places}) == len(places)


def test_every_changed_byte_is_noticed():
    vault = vault_of(NEW)
    sealed = vault.seal(b"secret", *PLACE)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Broken):
            vault.open(changed, *PLACE)


@pytest.mark.parametrize("length", [0, 1, HEADER - 1, HEADER])
def test_a_stump_is_not_a_sealed_value(length):
    vault = vault_of(NEW)
    with pytest.raises(Broken):
        vault.open(vault.seal(b"secret", *PLACE)[:length], *PLACE)


def test_the_first_key_seals_and_any_opens():
    before = vault_of(OLD).seal(b"secret", *PLACE)
    both = vault_of(NEW, OLD)
    after = both.seal(b"secret", *PLACE)
    assert both.open(before, *PLACE) == b"secret"
    assert vault_of(NEW).open(after, *PLACE) == b"secret"
    with pytest.raises(Broken, match="DANGOL_SECRET_KEY"):
        vault_of(NEW).open(before, *PLACE)


def test_destroying_the_data_key_destroys_the_data():
    vault = vault_of(NEW)
    sealed_key = vault.new_key("shp_1", "contact", "data_key", "con_1")
    personal = vault.under(sealed_key, "shp_1", "contact", "data_key", "con_1")
    sealed = personal.seal(b"name", *PLACE)
    again = vault.under(sealed_key, "shp_1", "contact", "data_key", "con_1")
    assert again.open(sealed, *PLACE) == b"name"
    with pytest.raises(Broken):
        vault.open(sealed, *PLACE)
    with pytest.raises(Broken):
        vault.under(sealed_key, "shp_1", "contact", "data_key", "con_2")
    other = vault.under(vault.new_key("x"), "x")
    with pytest.raises(Broken):
        other.open(sealed, *PLACE)


def test_a_sealed_value_is_no_data_key():
    vault = vault_of(NEW)
    with pytest.raises(Broken):
        vault.under(vault.seal(b"k" * 32, *PLACE), *PLACE)


def test_a_fingerprint_stays_findable_while_keys_change():
    before = vault_of(OLD).fingerprint("phone", "+821012345678")
    assert vault_of(NEW, OLD).fingerprint("phone", "+821012345678") == before
    assert vault_of(NEW).fingerprint("phone", "+821012345678") != before
    assert vault_of(OLD).fingerprint("email", "+821012345678") != before
    assert len(before) == 64


def test_a_token_proves_its_purpose():
    vault = vault_of(NEW)
    token = vault.sign("pay", "cart_1:3")
    assert token.replace("-", "").replace("_", "").replace(".", "").isalnum()
    assert vault.unsign("pay", token) == "cart_1:3"
    assert vault.unsign("address", token) is None
    assert vault_of(OLD).unsign("pay", token) is None


def test_a_token_of_the_old_key_still_counts():
    token = vault_of(OLD).sign("pay", "cart_1:3")
    assert vault_of(NEW, OLD).unsign("pay", token) == "cart_1:3"
    assert vault_of(NEW).unsign("pay", vault_of(NEW, OLD).sign("pay", "x")) == "x"


@pytest.mark.parametrize(
    "token", ["", ".", "a.b", "한옥", "\ud800", "x" * 10_000, "..x", "eyJ.x.y"]
)
def test_a_made_up_token_is_nothing(token):
    assert vault_of(NEW).unsign("pay", token) is None


@pytest.mark.parametrize("keys", [[], [""], ["short"], [NEW, "short"]])
def test_a_weak_secret_is_refused(keys):
    with pytest.raises(Rejected, match="DANGOL_SECRET_KEY"):
        AesVault(keys, SeededChance(1))
