"""Signatures over raw bytes, as most platforms make them. Nothing here raises on hostile input."""

from __future__ import annotations

import hashlib
import hmac


def keys(secrets: str) -> tuple[bytes, ...]:
    """The secrets in a string that may hold several, separated by blanks (rotation)."""
    return tuple(_as_bytes(secret) for secret in secrets.split())


def signature(key: bytes, raw: bytes) -> str:
    """HMAC-SHA256 in lower case hex."""
    return hmac.new(key, raw, hashlib.sha256).hexdigest()


def signed_by(secrets: str, raw: bytes, given: str, *, prefix: str = "") -> bool:
    """Whether `given` is `prefix` and the signature of exactly these bytes by one of the secrets.

    Compares bytes, since comparing text that is not ASCII raises; tries every secret, so that the
    time taken does not tell which one was right. No secret at all signs nothing.
    """
    wanted = [_as_bytes(prefix + signature(key, raw)) for key in keys(secrets)]
    return _any_equal(wanted, given)


def is_one_of(secrets: str, given: str) -> bool:
    """Whether `given` is one of the secrets itself, compared in constant time."""
    return _any_equal(list(keys(secrets)), given)


def _any_equal(wanted: list[bytes], given: str) -> bool:
    got = _as_bytes(given)
    hits = [hmac.compare_digest(got, one) for one in wanted]
    return any(hits)


def _as_bytes(text: str) -> bytes:
    # A header may hold any code point, half a surrogate pair included.
    return text.encode("utf-8", "surrogatepass")
