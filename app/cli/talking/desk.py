"""Links that a browser would open: the payment page and the address form, as questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx

from app.cli.talking.pages import Input, read_page
from app.cli.talking.room import ADDRESS
from app.cli.talking.show import Screen

Ask = Callable[[str], Awaitable[str]]  # a question; the answer, empty for none

OUTCOMES = {
    "approve": "pay",
    "decline": "the card is declined",
    "delay": "pay, but slowly",
    "double": "pay twice",
    "wrong-amount": "pay a wrong amount",
}
LEFT = ("/quit", "leave")
SKIPPED = ("", "-")


class Desk:
    """Opens pages and answers what they ask."""

    def __init__(self, browser: httpx.AsyncClient, screen: Screen, ask: Ask) -> None:
        self._browser = browser
        self._screen = screen
        self._ask = ask

    async def open(self, url: str) -> bool:
        """Opens the link; true when something was sent, so that the bot has something to say."""
        path = urlsplit(url).path
        if not url.startswith(ADDRESS):
            self._screen.note(f"That is a page outside: {url}")
            return False
        if path.startswith("/pay/"):
            return await self._pay(path)
        if path.startswith("/address/"):
            return await self._address(path)
        self._screen.note(f"The terminal does not show this page: {url}")
        return False

    # --- the payment page -----------------------------------------------------------------------

    async def _pay(self, path: str) -> bool:
        shown = await self._browser.get(path)
        page = read_page(shown.text)
        if shown.status_code != 200 or "provider" not in page.filled:
            self._screen.page(page.lines)
            return False
        self._screen.page(page.lines)
        outcome = await self._how()
        if outcome is None:
            self._screen.note("You left the payment page. The link stays good for a while.")
            return False
        pressed = await self._browser.post(path, data=page.filled)
        if pressed.status_code != 303:
            self._screen.page(read_page(pressed.text).lines)
            return True
        decided = await self._browser.post(_path(pressed), data={"outcome": outcome})
        if decided.status_code != 303:
            self._screen.page(read_page(decided.text).lines)
            return True
        back = await self._browser.get(_path(decided))
        self._screen.page(read_page(back.text).lines)
        return True

    async def _how(self) -> str | None:
        self._screen.options("The sandbox provider asks how it ends", list(OUTCOMES.items()))
        while True:
            given = (await self._ask("pay")).strip().lower()
            if given in (*LEFT, *SKIPPED):
                return None
            if given in OUTCOMES:
                return given
            if given.isdecimal() and 1 <= int(given) <= len(OUTCOMES):
                return list(OUTCOMES)[int(given) - 1]
            self._screen.note("Type one of the numbers or words above, or leave.")

    # --- the address form -----------------------------------------------------------------------

    async def _address(self, path: str) -> bool:
        page = read_page((await self._browser.get(path)).text)
        if not any(one.name == "line1" for one in page.inputs):
            self._screen.page(page.lines)
            return False
        self._screen.note("The address form. Enter or - skips what is optional, /quit leaves.")
        asked = [one for one in page.inputs if not one.hidden and one.name != "country"]
        filled = page.filled
        while asked:
            for one in asked:
                given = await self._field(one)
                if given is None:
                    return False
                filled[one.name] = given
            sent = await self._browser.post(path, data=filled, follow_redirects=True)
            page = read_page(sent.text)
            asked = [one for one in page.inputs if one.error]
            for one in asked:
                self._screen.note(f"{one.label}: {one.error}")
        self._screen.page(page.lines)
        return True

    async def _field(self, one: Input) -> str | None:
        hint = f" [{one.value}]" if one.value and not one.error else ""
        given = (await self._ask(f"{one.label}{hint}")).strip()
        if given in LEFT:
            return None
        if given in SKIPPED:
            return "" if one.error else one.value
        for value, label in one.options:
            if given.casefold() in (value.casefold(), label.casefold()):
                return value
        return given


def _path(answer: httpx.Response) -> str:
    """Where a redirect leads."""
    return answer.headers["location"]
