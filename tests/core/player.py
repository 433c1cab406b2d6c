"""Plays a scenario file on the pure dialog, with the words a person would read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from app.conversations.render import Renderer
from app.core.addresses import Address
from app.core.dialog.facts import Person, SavedAddress
from app.core.dialog.wants import Say
from app.core.inbound import (
    AddressFilled,
    Commented,
    HandedBack,
    MerchantSaid,
    PayRequested,
    Said,
    SentMedia,
    TakenOver,
    Tapped,
)
from app.core.outbound import Button, Message
from tests.core.hanok import STOCK, hanok
from tests.core.house import House

FOLDER = Path(__file__).parents[1] / "journeys" / "scenarios"
HOME = SavedAddress("a-home", "김*나, 06236 서울 강남구 테헤란로 1**, 010-****-6789", "KR")
NAMES = {"ko": "김미나", "en": "Mina"}
RENDERER = Renderer.load()
SKUS = {x.sku: x.id for p in hanok().products.values() for x in p.variants}


def scenarios() -> list[tuple[str, str]]:
    """Every file with every language it is written in."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        play = yaml.safe_load(path.read_text("utf-8"))["play"]
        found += [(path.stem, language) for language in play]
    return found


class Player:
    """One scenario being played. `answers` counts what the person did until the payment page."""

    def __init__(self, name: str, language: str) -> None:
        self.script: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
        stock = {**STOCK, **{SKUS[k]: v for k, v in self.script.get("stock", {}).items()}}
        known = self.script["person"] == "known"
        person = Person(NAMES[language], "mina", language, (HOME,)) if known else Person("", "mina")
        self.house = House(hanok(language), person, stock=stock)
        self.language = language
        self.number = 0
        self.answers = 0
        self.paying: int | None = None
        self.said: list[tuple[Say, Message]] = []
        self.heard: list[tuple[Say, Message]] = []

    def play(self) -> None:
        """Every step in turn; raises `AssertionError` where the bot says something else."""
        for number, step in enumerate(self.script["play"][self.language], 1):
            kind = next(iter(step))
            try:
                _STEPS[kind](self, step[kind], step)
                self.answers *= number > 1  # the first word is where counting begins
            except AssertionError as wrong:
                said = "\n".join(
                    f"  {x.to}: {m.text} {[b.label for b in m.buttons]}" for x, m in self.said
                )
                raise AssertionError(f"step {number}: {step}\n{wrong}\nsaid:\n{said}") from wrong

    # --- what the person does -------------------------------------------------------------------

    def _next(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def _send(self, event: Any) -> None:
        self._hear(self.house.send(event))

    def _hear(self, said: list[Say]) -> None:
        house = self.house
        self.said = [
            (x, y)
            for x in said
            for y in RENDERER.render_all(x, house.state, house.shop, house.limits)
        ]
        self.heard += self.said

    def comment(self, text: str, step: dict[str, Any]) -> None:
        """A comment under a post."""
        self._send(
            Commented(
                self._next("c"),
                text,
                self.house.now,
                author_name="mina",
                live=step.get("live", False),
                parent_id="c0" if step.get("reply") else None,
            )
        )

    def say(self, text: str, _step: Any) -> None:
        """A text in the chat."""
        self.answers += 1
        self._send(Said(str(text), self._next("m")))

    def button(self, label: str, *, old: bool = False) -> Button:
        """The button of that label, on the newest message that has it (or the oldest)."""
        found = [b for _, m in self.heard for b in m.buttons if b.label == label]
        assert found, f"no button {label}"
        return found[0] if old else found[-1]

    def tap(self, label: str, _step: Any) -> None:
        """A button; one with a link opens the page behind it."""
        self.answers += 1
        button = self.button(label)
        if button.url:
            self.said = []
            self.paying = self.answers if "/pay" in button.url else self.paying
            return
        self._send(Tapped(button.token or "", label, self._next("t")))

    def old(self, label: str, _step: Any) -> None:
        """The same button where it first stood."""
        self._send(Tapped(self.button(label, old=True).token or "", label, self._next("t")))

    def media(self, kind: Any, _step: Any) -> None:
        """A picture, a sticker, a voice."""
        self._send(SentMedia(kind, self._next("m")))

    def form(self, fields: dict[str, str], _step: Any) -> None:
        """The address form."""
        fields = dict(fields)
        email = fields.pop("email", None)
        self._send(AddressFilled("link", Address(**fields), email))

    # --- pages, money, time, the shop -----------------------------------------------------------

    def pay(self, code: str, _step: Any) -> None:
        """The payment page is posted for the newest link."""
        links = [
            b.url for _, m in self.heard for b in m.buttons if b.url and "/address" not in b.url
        ]
        version = int(links[-1].rsplit("/", 1)[1]) if links else 0
        self._send(PayRequested("link", version, "sandbox"))
        assert self.house.answers[-1].code == code, self.house.answers[-1]

    def money(self, what: str, _step: Any) -> None:
        """News of the order."""
        if what in {"paid", "late-paid"}:
            self._hear(self.house.paid(what))
        else:
            self._hear(self.house.send(self.house.news(what)))

    def wait(self, minutes: int, _step: Any) -> None:
        """Time passes."""
        self._hear(self.house.pass_time(timedelta(minutes=minutes)))

    def gone(self, sku: str, _step: Any) -> None:
        """Somebody else buys what is left."""
        self.house.on_hand[SKUS[sku]] = 0

    def person(self, text: str, _step: Any) -> None:
        """A person of the shop takes over and writes."""
        self.house.send(TakenOver("mo"))
        self._send(MerchantSaid(text, "mo"))

    def back(self, _value: Any, _step: Any) -> None:
        """The chat is handed back."""
        self._send(HandedBack("mo"))

    # --- what the bot must have said ------------------------------------------------------------

    def bot(self, wanted: dict[str, Any], _step: Any) -> None:
        """Compares what was said since the step before."""
        public = [m.text for x, m in self.said if x.to == "comment-public"]
        rest = [(x, m) for x, m in self.said if x.to != "comment-public"]
        text = "\n".join(m.text for _, m in rest)
        for needle in wanted.get("has", ()):
            assert needle in text, f"not said: {needle}"
        for needle in wanted.get("lacks", ()):
            assert needle not in text, f"said: {needle}"
        if "messages" in wanted:
            assert len(rest) == wanted["messages"], f"{len(rest)} messages"
        if "buttons" in wanted:
            labels = next(
                ([b.label for b in m.buttons] for _, m in reversed(rest) if m.buttons), []
            )
            assert labels == wanted["buttons"], labels
        if "public" in wanted:
            assert public == ([wanted["public"]] if wanted["public"] else []), public
        if "private" in wanted:
            private = any(x.to == "comment-private" for x, _ in rest)
            assert private == wanted["private"], "private reply" if private else "no private reply"


_STEPS: dict[str, Any] = {
    "comment": Player.comment,
    "say": Player.say,
    "number": Player.say,
    "tap": Player.tap,
    "old": Player.old,
    "send": Player.media,
    "form": Player.form,
    "pay": Player.pay,
    "money": Player.money,
    "wait": Player.wait,
    "gone": Player.gone,
    "person": Player.person,
    "back": Player.back,
    "bot": Player.bot,
}
