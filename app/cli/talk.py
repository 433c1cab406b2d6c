"""`dangol chat`: be the shopper of a demo shop, in this terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import structlog
import typer

from app.cli.demo import demo_data
from app.cli.logs import start_logs
from app.cli.talking.desk import Desk
from app.cli.talking.guest import Bubble, Choice, Guest, come_in
from app.cli.talking.lines import Keyboard, Lines, Script
from app.cli.talking.room import Room, open_room, own_settings
from app.cli.talking.show import Screen
from app.core.errors import Rejected
from app.settings import Settings

Keep = Callable[[str], None]  # remembers a session for the next time

SOON = 6.0  # seconds a person is let wait for news of a payment
LONG = 40.0  # seconds a script waits: longer than the sandbox takes for its slow payment


class Talk:
    """One conversation at the terminal."""

    def __init__(self, room: Room, guest: Guest, lines: Lines, screen: Screen, keep: Keep) -> None:
        self._room = room
        self._guest = guest
        self._keep = keep
        self._lines = lines
        self._screen = screen
        self._desk = Desk(room.browser, screen, self._ask)
        self._choices: tuple[Choice, ...] = ()

    async def run(self) -> None:
        """Until the lines end or somebody leaves."""
        self._keep(self._guest.token)
        while (line := await self._lines.next("›", self._meanwhile)) is not None:
            line = line.strip()
            if line and not self._lines.live:
                self._screen.said(line)
            if line in ("/quit", "/q", "/exit"):
                return
            await self._take(line)

    async def _take(self, line: str) -> None:
        if not line:
            return
        if line == "/help":
            self._screen.help()
        elif line == "/new":
            self._guest = await come_in(self._room, "")
            self._keep(self._guest.token)
            self._choices = ()
            self._screen.note("You are somebody else now.")
        elif line.startswith("/"):
            self._screen.note(f"There is no {line}. /help says what there is.")
        else:
            await self._speak(line)

    async def _speak(self, line: str) -> None:
        choice = chosen(line, self._choices)
        if choice is not None and choice.url is not None:
            if await self._desk.open(choice.url):
                patience = SOON if self._lines.live else LONG
                self._show(await self._guest.answers(patience, at_least=1))
            return
        if choice is not None and choice.token is not None:
            await self._guest.tap(choice)
        else:
            await self._guest.say(line)
        self._show(await self._guest.answers())

    async def _meanwhile(self) -> None:
        self._show(await self._guest.news())

    async def _ask(self, prompt: str) -> str:
        """A question of the terminal itself. No more lines is the wish to leave it."""
        line = await self._lines.next(f"{prompt} ›", self._meanwhile)
        if line is not None and not self._lines.live:
            self._screen.said(line, f"{prompt} ›")
        return "/quit" if line is None else line

    def _show(self, bubbles: list[Bubble]) -> None:
        for bubble in bubbles:
            self._screen.bubble(bubble)
            self._choices = bubble.choices or self._choices


def chosen(line: str, choices: tuple[Choice, ...]) -> Choice | None:
    """The choice that a line means: its label, its number, or how the name of a page begins.

    What is not a choice is said as it is: the bot understands more than its buttons.
    """
    for one in choices:
        if one.label.casefold() == line.casefold():
            return one
    if line.isdecimal() and 1 <= int(line) <= len(choices):
        return choices[int(line) - 1]
    pages = [one for one in choices if one.url and one.label.casefold().startswith(line.casefold())]
    return pages[0] if len(pages) == 1 else None


def chat(
    database: Annotated[
        str | None, typer.Option(help="Another database than var/chat.db; it gets the demo shop.")
    ] = None,
    script: Annotated[
        Path | None, typer.Option(help="Say the lines of this file instead of asking for them.")
    ] = None,
) -> None:
    """Talk to the bot of a demo shop in this terminal."""
    settings = own_settings(database)
    lines = _lines(script)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    session = settings.var_dir / "session"

    def keep(token: str) -> None:
        if lines.live:  # a script always begins as somebody new
            session.touch(mode=0o600)
            session.write_text(token, encoding="utf-8")

    token = session.read_text(encoding="utf-8") if lines.live and session.exists() else ""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_chat(settings, lines, token, keep))


def _lines(script: Path | None) -> Lines:
    if script is not None:
        try:
            return Script(script.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise Rejected(f"{script} cannot be read: {why}.") from error
    return Keyboard() if sys.stdin.isatty() else Script(sys.stdin)


async def _chat(settings: Settings, lines: Lines, token: str, keep: Keep) -> None:
    screen = Screen()
    with (settings.var_dir / "chat.log").open("a", encoding="utf-8") as log:
        start_logs(settings)
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(log))
        async with open_room(settings) as room:
            guest = await come_in(room, token)
            screen.intro([each["hashtag"] for each in demo_data(settings)["campaigns"]])
            await Talk(room, guest, lines, screen, keep).run()
