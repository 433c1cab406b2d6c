"""Seals secrets and personal data, and makes the tokens and fingerprints that depend on a secret.

A sealed value is: format (1 byte), key id (8), nonce (12), AES-256-GCM ciphertext and tag. Where it
belongs (shop, table, column, row) is its associated data, so that a value copied to another place
does not open.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cached_property
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadData, URLSafeSerializer

from app.core.errors import Broken, Rejected

if TYPE_CHECKING:
    from app.core.ids import Chance

FORMAT = b"\x01"
KEY_ID = 8
NONCE = 12
HEADER = len(FORMAT) + KEY_ID + NONCE
SHORTEST_SECRET = 16
DATA_KEY = "data-key"


def joined(context: tuple[str, ...]) -> bytes:
    """The parts of a place in one: each with its length before it, so that no two places agree."""
    parts = [part.encode() for part in context]
    return b"".join(b"%d:%s" % (len(part), part) for part in parts)


class _Key:
    """One secret and what is derived from it, each for one use alone."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derive(self, use: str) -> bytes:
        info = f"dangol {use}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._secret)

    @cached_property
    def id(self) -> bytes:
        return self.derive("id")[:KEY_ID]

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self.derive("seal"))

    @cached_property
    def fingerprints(self) -> bytes:
        return self.derive("fingerprint")

    @cached_property
    def signatures(self) -> bytes:
        return self.derive("sign")


class AesVault:
    """A vault over one or several secrets.

    The first seals and signs; any of them opens, so a secret is replaced by putting the new one
    before the old. Fingerprints have to stay findable, so the last one makes them.
    """

    def __init__(self, secret_keys: list[str], chance: Chance) -> None:
        if not secret_keys or any(len(key) < SHORTEST_SECRET for key in secret_keys):
            raise Rejected(
                f"DANGOL_SECRET_KEY needs at least {SHORTEST_SECRET} characters in each key.",
                code="secret-key",
            )
        self._chance = chance
        self._keys = [_Key(key.encode()) for key in secret_keys]

    def seal(self, plain: bytes, *context: str) -> bytes:
        key = self._keys[0]
        nonce = self._chance.bits(8 * NONCE).to_bytes(NONCE, "big")
        return FORMAT + key.id + nonce + key.cipher.encrypt(nonce, plain, joined(context))

    def open(self, sealed: bytes, *context: str) -> bytes:
        if len(sealed) <= HEADER or sealed[:1] != FORMAT:
            raise Broken(f"What is stored at {_place(context)} is not a sealed value.")
        key_id, nonce = sealed[1 : 1 + KEY_ID], sealed[1 + KEY_ID : HEADER]
        for key in self._keys:
            if key.id == key_id:
                try:
                    return key.cipher.decrypt(nonce, sealed[HEADER:], joined(context))
                except InvalidTag as error:
                    raise Broken(
                        f"What is stored at {_place(context)} was changed, or belongs elsewhere."
                    ) from error
        raise Broken(
            f"The key that sealed {_place(context)} is not known here: put it back, behind the "
            "present one, in DANGOL_SECRET_KEY.",
            code="key-unknown",
        )

    def new_key(self, *context: str) -> bytes:
        return self.seal(self._chance.bits(256).to_bytes(32, "big"), DATA_KEY, *context)

    def under(self, sealed_key: bytes, *context: str) -> AesVault:
        vault = AesVault.__new__(AesVault)
        vault._chance = self._chance
        vault._keys = [_Key(self.open(sealed_key, DATA_KEY, *context))]
        return vault

    def fingerprint(self, purpose: str, text: str) -> str:
        message = joined((purpose, text))
        return hmac.digest(self._keys[-1].fingerprints, message, "sha256").hex()

    def sign(self, purpose: str, text: str) -> str:
        return str(self._signer(purpose).dumps(text))

    def unsign(self, purpose: str, token: str) -> str | None:
        if not token.isascii():
            return None
        try:
            text = self._signer(purpose).loads(token)
        except BadData:
            return None
        return text if isinstance(text, str) else None

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            [key.signatures for key in reversed(self._keys)],  # the last of the list signs
            salt=b"dangol " + purpose.encode(),
            signer_kwargs={"digest_method": hashlib.sha256},
        )


def _place(context: tuple[str, ...]) -> str:
    return " / ".join(context) or "this place"
