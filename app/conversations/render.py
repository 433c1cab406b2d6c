"""From what the dialog means to the words a person reads, in their language and the shop's wording.

Catalogues are the gettext files in `words/`; a shop overrides any text by key. A placeholder is
`{name}`, for moments `{name:day}` (with the date) and for amounts the currency's own writing.
"""

from __future__ import annotations

import gettext
import io
import string
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.conversations.fitting import (
    cut,
    fits_a_card,
    listed,
    mixes,
    room_for_choices,
    room_for_text,
)
from app.core.catalogue import Shop
from app.core.dialog.state import State
from app.core.dialog.wants import Arg, Choice, Say
from app.core.money import Money
from app.core.outbound import Button, Card, Limits, Message
from app.edge.text import clip, plain, split

LANGUAGES = ("ko", "en")
FALLBACK = "en"
COUNT = "count"  # the argument that plural forms go by

Texts = Mapping[str, str]  # key -> text


class Catalogue(NamedTuple):
    """One language's texts: every plural form by key, and the rule that picks one."""

    texts: Mapping[str, tuple[str, ...]]
    translations: gettext.GNUTranslations

    def text(self, key: str, count: int | None) -> str | None:
        """The text of a key, in the form that fits a count."""
        forms = self.texts.get(key)
        if forms is None:
            return None
        if len(forms) == 1 or count is None:
            return forms[-1]
        return self.translations.ngettext(key, key, count)


def read_catalogue(language: str, raw: bytes) -> Catalogue:
    """Reads a `.po` file. Raises `ValueError` for one with untranslated or broken entries."""
    catalog = read_po(io.BytesIO(raw), locale=language, abort_invalid=True)
    texts: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if not message.id:
            continue
        key = str(message.id[0] if isinstance(message.id, list | tuple) else message.id)
        forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if not all(forms):
            raise ValueError(f"{language}: {key} has no words")
        texts[key] = tuple(str(x) for x in forms)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Catalogue(texts, gettext.GNUTranslations(compiled))


def placeholders(text: str) -> frozenset[str]:
    """The names of the arguments in a text. Raises `ValueError` when its braces are broken."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


class Renderer:
    """Turns `Say` into messages. `overrides`: language -> key -> text, for every shop."""

    def __init__(
        self, catalogues: Mapping[str, Catalogue], overrides: Mapping[str, Texts] | None = None
    ) -> None:
        self.catalogues = catalogues
        self.overrides = overrides or {}
        complaints = self.check(self.overrides)
        if complaints:
            raise ValueError("; ".join(complaints))

    @classmethod
    def load(cls, overrides: Mapping[str, Texts] | None = None) -> Renderer:
        """With the catalogues that lie beside this module."""
        folder = files("app.conversations").joinpath("words")
        raw = {x: folder.joinpath(f"{x}.po").read_bytes() for x in LANGUAGES}
        return cls({x: read_catalogue(x, y) for x, y in raw.items()}, overrides)

    def check(self, overrides: Mapping[str, Texts]) -> list[str]:
        """What is wrong with a shop's own wording: unknown keys, placeholders that do not exist."""
        wrong = []
        for language, texts in overrides.items():
            for key, text in texts.items():
                wrong += self._check(language, key, text)
        return wrong

    def _check(self, language: str, key: str, text: str) -> list[str]:
        catalogue = self.catalogues.get(language) or self.catalogues[FALLBACK]
        if key not in catalogue.texts:
            return [f"{language}: there is no text called {key}"]
        known = frozenset[str]().union(*(placeholders(x) for x in catalogue.texts[key]))
        try:
            unknown = placeholders(text) - known
        except ValueError:
            return [f"{language}: {key} has a broken brace"]
        return [f"{language}: {key} has no {{{name}}}" for name in sorted(unknown)]

    # --- messages -------------------------------------------------------------------------------

    def render(
        self, say: Say, _state: State, shop: Shop, limits: Limits, _token: str = ""
    ) -> Message:
        """One message that fits the channel; what does not fit is cut."""
        return self._fitted(say, self._message(say, shop, limits), limits)

    def render_all(
        self, say: Say, _state: State, shop: Shop, limits: Limits, _token: str = ""
    ) -> tuple[Message, ...]:
        """The same in as many messages as the words need; choices come with the last one."""
        message = self._message(say, shop, limits)
        if say.to == "chat" and message.image_url and not fits_a_card(message.text, limits):
            picture = Message(text="", image_url=message.image_url)
            alone = msgspec.structs.replace(say, image=None)
            return (picture, *self.render_all(alone, _state, shop, limits))
        room = min(limits.text, limits.button_text) if message.buttons else limits.text
        parts = split(message.text, room, limits.text_unit)
        if say.to != "chat" or len(parts) < 2:
            return (self._fitted(say, message, limits),)
        first = tuple(Message(text=x) for x in parts[:-1])
        last = Message(parts[-1], message.buttons, message.cards, message.image_url)
        return (*first, self._fitted(say, last, limits))

    def _message(self, say: Say, shop: Shop, limits: Limits) -> Message:
        if say.text:
            return Message(text=say.text)
        paragraphs = ((say.key, say.args), *say.parts)
        words = [self.words(key, args, say.language, shop) for key, args in paragraphs]
        return Message(
            text="\n".join(x for x in words if x),
            buttons=self._buttons(say.choices, say.language, shop, limits),
            cards=self._cards(say, shop, limits),
            image_url=say.image,
        )

    def _cards(self, say: Say, shop: Shop, limits: Limits) -> tuple[Card, ...]:
        if say.choices and not mixes(say, limits):
            return ()
        return tuple(
            Card(
                x.title,
                x.subtitle,
                x.image,
                self._buttons(x.choices, say.language, shop, limits),
            )
            for x in say.cards[: limits.cards]
        )

    def _buttons(
        self, choices: Iterable[Choice], language: str, shop: Shop, limits: Limits
    ) -> tuple[Button, ...]:
        made = []
        for choice in choices:
            label = choice.label or self.words(choice.key, choice.args, language, shop)
            note = self.words(choice.note, {}, language, shop) if choice.note else ""
            tail = f" ({note})" if note else ""
            # The remark must survive the cut: a sold-out value has to say so.
            label = clip(label, max(1, limits.button_label - len(tail))) + tail
            token = None if choice.url else choice.token
            made.append(Button(label, token=token, url=choice.url))
        return tuple(made)

    def _fitted(self, say: Say, message: Message, limits: Limits) -> Message:
        """Buttons where they can be shown, else numbers; the words cut to what is left."""
        if not message.buttons:
            return cut(message, limits.text, limits)
        room = room_for_choices(say, message, limits)
        if room == 0 or (not limits.url_buttons and any(x.url for x in message.buttons)):
            return self._typed(say, message, limits)
        if len(message.buttons) <= room:
            return cut(message, room_for_text(message, limits), limits)
        # All by number, as many as fit to be tapped as well.
        shown = Message(message.text, message.buttons[:room], message.cards, message.image_url)
        words = listed(message, room_for_text(shown, limits), limits, numbers=say.numbered)
        return cut(msgspec.structs.replace(shown, text=words), limits.text, limits)

    def _typed(self, say: Say, message: Message, limits: Limits) -> Message:
        if say.numbered:
            return plain(message, limits)
        links = Message(message.text, tuple(x for x in message.buttons if x.url))
        answers = tuple(x for x in message.buttons if not x.url)
        text = plain(links, limits).text
        return Message(listed(Message(text, answers), limits.text, limits, numbers=False))

    # --- words ----------------------------------------------------------------------------------

    def words(self, key: str, args: Mapping[str, Arg], language: str, shop: Shop) -> str:
        """The text of a key with its arguments, in a language or the nearest there is.

        Never raises: a key that nobody knows is shown as it is, an argument left out is blank.
        """
        count = args.get(COUNT)
        number = count if isinstance(count, int) else None
        text = self._text(key, number, language, shop)
        return _Filled(args, language, shop).format(text)

    def _text(self, key: str, count: int | None, language: str, shop: Shop) -> str:
        for own in (shop.words, self.overrides):
            if key in own.get(language, {}):
                return own[language][key]
        for wanted in (language, shop.locale.split("_")[0], FALLBACK):
            catalogue = self.catalogues.get(wanted)
            text = catalogue.text(key, count) if catalogue is not None else None
            if text is not None:
                return text
        return key


class _Filled(string.Formatter):
    """Puts arguments into a text as people of that language write them."""

    def __init__(self, args: Mapping[str, Arg], language: str, shop: Shop) -> None:
        self._args = args
        self._locale = locale_of(language, shop.country)
        self._zone = ZoneInfo(shop.timezone)

    def format(self, text: str, /, *_: Any, **__: Any) -> str:
        try:
            return self.vformat(text, (), {})
        except (ValueError, IndexError):
            return text  # braces that a shop's wording got wrong are no reason to be silent

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:  # noqa: ARG002
        # Only a plain name: a shop's wording must not reach into objects.
        return self._args.get(field_name, ""), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Money):
            return value.written(self._locale)
        if isinstance(value, datetime):
            local = value.astimezone(self._zone)
            time = local.strftime("%H:%M")
            if format_spec != "day":
                return time
            pattern = "M월 d일" if self._locale.startswith("ko") else "MMM d"
            return f"{format_date(local.date(), pattern, locale=self._locale)} {time}"
        if isinstance(value, tuple):
            return ", ".join(str(x) for x in value)
        return "" if value is None else str(value)


def locale_of(language: str, country: str) -> str:
    """The locale for a language as it is written in a country, or of the language alone."""
    try:
        return str(Locale.parse(f"{language}_{country}"))
    except (UnknownLocaleError, ValueError):
        return language if language in LANGUAGES else FALLBACK
