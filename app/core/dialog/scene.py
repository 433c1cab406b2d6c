"""What a scene is made of. The scenes themselves are tables of these; `graph` draws the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.core.dialog.turn import Prompt, Turn
from app.core.dialog.understand import Heard
from app.core.dialog.wants import Want

# Where an answer may lead, besides a question by its name.
PLAN = "plan"  # whatever is still open, by the gates of `plan`
STAY = "stay"  # the same question again
BRIEF = "brief"  # the same question again, what was noted in place of its words
DONE = "done"  # everything is said

Does = Callable[[Turn, str], str]


@dataclass(frozen=True)
class Take:
    """An answer that a question takes: `does(turn, value)` says where it goes, one of `goes`."""

    does: Does
    goes: tuple[str, ...] = (PLAN,)


@dataclass(frozen=True)
class Question:
    """One thing that is asked. Its name is `<scene>.<asked>`.

    `ask` gives the words and the choices; `takes` what every choice does, by its action. `means`
    translates what people write (an intent such as `yes`) into an action here; `hears` reads free
    text that belongs to this question alone and returns where to go, or None. `needs` names what
    must be fetched before it can be asked. `bare` says what a bare number means. `slots` tells
    whether product, options and quantity named in passing are taken here.
    """

    name: str
    ask: Callable[[Turn], Prompt]
    takes: Mapping[str, Take]
    means: Mapping[str, str] = field(default_factory=dict)
    hears: Callable[[Turn, Heard], str | None] | None = None
    hears_goes: tuple[str, ...] = ()
    needs: Callable[[Turn], Want | None] | None = None
    bare: str = "choice"  # or the action that takes the number as its value
    slots: bool = True
    again: str = ""  # said in its place when an answer was not understood; "" = by its choices

    @property
    def scene(self) -> str:
        """The scene it belongs to."""
        return self.name.partition(".")[0]

    @property
    def goes(self) -> tuple[str, ...]:
        """Everywhere an answer may lead, without repeats."""
        ways = [way for take in self.takes.values() for way in take.goes] + list(self.hears_goes)
        return tuple(dict.fromkeys(ways))


def go(*where: str) -> Take:
    """An answer that merely leads somewhere."""
    return Take(lambda _turn, _value: where[0], where)
