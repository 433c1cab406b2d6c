"""Reading our own pages as a person would: what they say, and what their forms ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"input", "img", "br", "meta", "link", "hr"})
UNREAD = frozenset({"script", "style", "title", "details", "noscript", "footer"})


@dataclass
class Input:
    """Something a form asks for. `options` (value, label) make it a list to choose from."""

    name: str
    value: str = ""
    label: str = ""
    required: bool = False
    hidden: bool = False
    error: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """What stands on a page, line by line, and the inputs of its first form."""

    lines: list[str] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)

    @property
    def filled(self) -> dict[str, str]:
        """The values that the form came with."""
        return {one.name: one.value for one in self.inputs if one.name}


class _Reader(HTMLParser):
    BLOCKS = frozenset({"p", "h1", "h2", "li", "dd", "dt", "label", "button", "option", "div"})

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, bool]] = []  # the tag, and whether a person sees it
        self._words: list[str] = []
        self._labels: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._for = ""
        self._error = ""
        self._select: Input | None = None
        self._form_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in self.BLOCKS:
            self._end_line()
        if tag not in VOID:
            self._open.append((tag, tag not in UNREAD and "hidden" not in given))
        if tag == "label":
            self._for = given.get("for", "")
        if given.get("class") == "error":
            self._error = given.get("id", "").removesuffix("-error")
        if tag in ("input", "select") and not self._form_over:
            self._ask(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append((given.get("value", ""), ""))
            if "selected" in given:
                self._select.value = given.get("value", "")

    def _ask(self, tag: str, given: dict[str, str]) -> None:
        one = Input(
            name=given.get("name", ""),
            value=given.get("value", ""),
            required="required" in given,
            hidden=given.get("type") == "hidden",
        )
        self.page.inputs.append(one)
        if tag == "select":
            self._select = one

    def handle_endtag(self, tag: str) -> None:
        if self._inside(tag):
            while self._open.pop()[0] != tag:
                pass
        if tag in self.BLOCKS:
            self._end_line()
        if tag == "select":
            self._select = None
        if tag == "form":
            self._form_over = True
        if tag == "span":
            self._error = ""

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or not all(seen for _, seen in self._open):
            return
        if self._open and self._open[-1][0] == "option":
            self._name_option(words)
        elif self._inside("label"):
            self._labels[self._for] = f"{self._labels.get(self._for, '')} {words}".strip()
        elif self._error:
            self._errors[self._error] = words
        else:
            self._words.append(words)

    def _inside(self, tag: str) -> bool:
        return any(open_tag == tag for open_tag, _ in self._open)

    def _name_option(self, words: str) -> None:
        if self._select is not None and self._select.options:
            self._select.options[-1] = (self._select.options[-1][0], words)

    def _end_line(self) -> None:
        if self._words:
            self.page.lines.append(" ".join(self._words))
        self._words = []

    def close(self) -> None:
        super().close()
        self._end_line()
        for one in self.page.inputs:
            one.label = self._labels.get(one.name, one.name)
            one.error = self._errors.get(one.name, "")


def read_page(html: str) -> Page:
    """The page as words and inputs. Never raises."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
