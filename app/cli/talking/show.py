"""How a conversation looks in a terminal. Whatever came from a chat is text, never markup."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import ROUNDED, SIMPLE
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from app.cli.talking.guest import Box, Bubble, Choice

WIDEST = 72
INTRO = """\
You are a shopper in the web chat of a demo shop. What you say goes through the
receiver, as from any platform; nothing here takes a shorter way.

  Say {examples}, or just hello. A number picks a choice.
  /help  what you can do     /new  be somebody else     /quit  leave"""
HELP = """\
  a number     picks that choice; a page is opened, a button is tapped
  any words    are said, as you would type them on a phone
  Enter alone  shows what was said meanwhile
  /new         a new shopper, whom the shop has never seen
  /quit        leave; the same shopper is known when you come back"""


class Screen:
    """Everything that is printed."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def intro(self, examples: Sequence[str]) -> None:
        """What this is."""
        words = " or ".join(examples) or "something"
        self._console.print()
        self._console.print(Text(INTRO.format(examples=words)))
        self._console.print()

    def help(self) -> None:
        """What can be typed."""
        self._console.print(Text(HELP, style="dim"))

    def said(self, text: str, prompt: str = "›") -> None:
        """The shopper's own words, where no terminal has echoed them."""
        self._console.print(Text(f"{prompt} {text}", style="bold"))

    def note(self, text: str) -> None:
        """Something that nobody in the chat said."""
        self._console.print(Text(f"  {text}", style="yellow"))

    def bubble(self, bubble: Bubble) -> None:
        """A message of the shop, its cards as boxes, its choices numbered."""
        number = 0
        parts: list[Text | Panel] = []
        if bubble.image:
            parts.append(Text(f"[picture: {bubble.image}]", style="dim"))
        if bubble.text:
            parts.append(Text(bubble.text))
        for card in bubble.cards:
            parts.append(_card(card, number))
            number += len(card.buttons)
        self._console.print(
            Panel(Group(*parts), box=ROUNDED, border_style="cyan", width=self._width())
        )
        for at, choice in enumerate(bubble.buttons, start=number + 1):
            self._console.print(Text("  ") + _choice(at, choice))

    def page(self, lines: Sequence[str]) -> None:
        """A page of the shop, as words."""
        text = Text("\n".join(lines))
        self._console.print(
            Panel(text, title="page", title_align="left", box=ROUNDED, border_style="magenta",
                  width=self._width())
        )  # fmt: skip

    def options(self, title: str, options: Sequence[tuple[str, str]]) -> None:
        """A question that the terminal asks itself."""
        self._console.print(Text(f"  {title}:", style="yellow"))
        for at, (name, meaning) in enumerate(options, start=1):
            line = Text.assemble((f"  {at} ", "bold"), (name, "yellow"), (f"  {meaning}", "dim"))
            self._console.print(line)

    def _width(self) -> int:
        return min(WIDEST, self._console.width)


def _card(card: Box, before: int) -> Panel:
    lines = [Text(card.title, style="bold")]
    if card.subtitle:
        lines.append(Text(card.subtitle))
    lines += [_choice(at, one) for at, one in enumerate(card.buttons, start=before + 1)]
    return Panel(Group(*lines), box=SIMPLE, border_style="dim")


def _choice(number: int, choice: Choice) -> Text:
    mark = " ↗" if choice.url else ""
    return Text.assemble((f"{number}", "bold cyan"), " ", choice.label, (mark, "dim"))
