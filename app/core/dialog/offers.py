"""The choices under a message: shown with tokens, remembered, known again when taken."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.core.dialog.state import Offered, State
from app.core.dialog.wants import Arg, Choice, ShownProduct

Paragraph = tuple[str, dict[str, Arg]]


class Prompt(msgspec.Struct, frozen=True):
    """A question's words and choices; what must be said first is put before them later."""

    paragraphs: tuple[Paragraph, ...]
    choices: tuple[Choice, ...] = ()
    cards: tuple[ShownProduct, ...] = ()
    image: str | None = None
    purpose: str = "question"
    numbered: bool = True


def offer(
    state: State, choices: tuple[Choice, ...], chat_token: str, *, same_question: bool
) -> tuple[State, tuple[Choice, ...]]:
    """Gives the choices their tokens; the state that remembers them.

    The same question with the same choices, none of them taken yet, keeps its tokens, so that the
    buttons of the first message stay good after a reminder.
    """
    answers = [(x.action, x.value) for x in choices if x.url is None]
    same = (
        same_question
        and bool(answers)
        and answers == [(x.action, x.value) for x in state.offered]
        and state.taken not in {x.token for x in state.offered}
    )
    step = state.step if same else state.step + 1
    shown: list[Choice] = []
    offered: list[Offered] = []
    for choice in choices:
        if choice.url is not None:
            shown.append(choice)
            continue
        token = f"{chat_token}.{step}.{len(offered) + 1}"
        offered.append(Offered(token, choice.label, choice.action, choice.value))
        shown.append(msgspec.structs.replace(choice, token=token))
    return msgspec.structs.replace(state, step=step, offered=tuple(offered)), tuple(shown)


def labelled(state: State, labels: Mapping[str, str]) -> State:
    """The state with the choices' words as they were shown (token -> label): typed, they count."""
    offered = tuple(
        msgspec.structs.replace(x, label=labels.get(x.token, x.label)) for x in state.offered
    )
    return msgspec.structs.replace(state, offered=offered)
