"""The words of the pages a shopper sees, by language; a shop may put its own in their place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.web.site.accept import LANGUAGES

FOLDER = Path(__file__).parent / "words"


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        groups: dict[str, dict[str, str]] = tomllib.load(file)
    return {f"{group}.{key}": text for group, keys in groups.items() for key, text in keys.items()}


class PageWords:
    """The words of one language: called with a key and the values to put in.

    `overrides` are the shop's own words, whose keys begin with `page.`.
    """

    def __init__(self, language: str, overrides: Mapping[str, str] | None = None) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._own = overrides or {}

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key; the key itself where nobody wrote one."""
        text = self._own.get(f"page.{key}") or _catalogue(self.language).get(key, key)
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def has(self, key: str) -> bool:
        """Is there anything to say under that key?"""
        return bool(self._own.get(f"page.{key}") or _catalogue(self.language).get(key))


def keys_of(language: str) -> frozenset[str]:
    """The keys that a language has words for."""
    return frozenset(_catalogue(language))
