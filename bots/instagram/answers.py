"""Reads what Instagram answers to a send: Meta's table of errors, in the house's four words.

Meta answers 400 to nearly everything, so code and subcode decide. A pair of code and subcode wins
over the code alone. Source: Meta's common error codes and the pages of each feature, 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import msgspec

from app.core.errors import CredentialsBad, NeverSend, PlugError, RecipientGone, TryLater
from app.core.outbound import Answered, Response
from app.edge.codec import UNREADABLE, decode_lenient
from app.edge.http import OutcomeUnknown
from app.edge.redact import redact_text
from bots.instagram import limits


class Kind(Enum):
    """What an error means for the send."""

    DONE = "done"  # an error all the same, but the message went out
    LATER = "later"
    WAIT = "wait"  # the whole account must wait
    CREDENTIALS = "credentials"
    GONE = "gone"
    NEVER = "never"


class Meaning(msgspec.Struct, frozen=True):
    kind: Kind
    rule: str | None = None


_DONE = Meaning(Kind.DONE)
_LATER = Meaning(Kind.LATER)
_WAIT = Meaning(Kind.WAIT)
_CREDENTIALS = Meaning(Kind.CREDENTIALS)
_GONE = Meaning(Kind.GONE)


def _never(rule: str) -> Meaning:
    return Meaning(Kind.NEVER, rule)


_WINDOW = _never(limits.RULE_WINDOW)
_OTHER_APP = _never(limits.RULE_OTHER_APP)
_CONSENT = _never(limits.RULE_CONSENT)
_NOT_FOUND = _never("not-found")
_BAD = _never(limits.RULE_BAD_MESSAGE)

PAIRS: Mapping[tuple[int, int], Meaning] = {
    (1, 1357046): _DONE,  # Meta's own answer was bad JSON; the message had gone out
    (20, 1772107): _DONE,  # the answer's format was refused after the comment was made
    (613, 1893016): _CONSENT,
    (4, 2018354): _CONSENT,
    (9, 2018352): _CONSENT,
    (10, 1893015): _CONSENT,
    (10, 1404170): _CONSENT,
    (10, 2018278): _WINDOW,
    (10, 2534022): _WINDOW,
    (10, 2018065): _WINDOW,
    (10, 2018108): _GONE,
    (200, 1545041): _GONE,
    (100, 2534029): _CREDENTIALS,  # messaging restricted for policy
    (100, 2534013): _CREDENTIALS,  # Instagram account and Page are not linked
    (100, 33): _NOT_FOUND,
    (100, 2018001): _NOT_FOUND,
    (100, 2534014): _NOT_FOUND,
    (100, 2534025): _never(limits.RULE_ONE_REPLY),
    (100, 2534037): _OTHER_APP,
    (100, 2018300): _OTHER_APP,
    (100, 2018321): _OTHER_APP,
}

CODES: Mapping[int, Meaning] = {
    1: _LATER,
    2: _LATER,
    **dict.fromkeys((4, 17, 32, 341, 613, 80001, 80002, 80006), _WAIT),
    **dict.fromkeys((0, 10, 102, 190, 368, 2022, *range(200, 300)), _CREDENTIALS),
    **dict.fromkeys((2018300, 2018321), _OTHER_APP),
    100: _BAD,
    506: _never(limits.RULE_DUPLICATE),
    551: _GONE,
    9000001: _never("message-deleted"),
}

NO_CODE = -1
# Seconds to leave the account alone when a rate limit names none.
REST = 60.0
# Whether these took effect nobody can say: a gateway gave up on the machine behind it.
GATEWAY_LOST = frozenset({502, 504})
WORTH_REPEATING = frozenset({408, 425})


class Failure(msgspec.Struct, frozen=True):
    """The `error` object of an answer."""

    code: int
    subcode: int
    text: str
    transient: bool

    def __str__(self) -> str:
        return f"{self.code}/{self.subcode}: {self.text}"


def read_answer(response: Response, *, to: str, template: bool) -> Answered:
    """What became of a send to `to` (a kind of destination).

    Raises one of the four plug errors, or `OutcomeUnknown` for an answer that is no answer.

    `template` says whether buttons or cards were sent: text alone may then still be taken.
    """
    body = _object(response.body)
    failure = _failure(body)
    if failure is None:
        return _without_failure(response, body)
    meaning = _meaning(failure, response, to, template)
    if meaning.kind is Kind.DONE:
        return Answered(reference=_text(body, "id"))
    raise _error(meaning, failure, response)


def _meaning(failure: Failure, response: Response, to: str, template: bool) -> Meaning:
    found = PAIRS.get((failure.code, failure.subcode))
    if found is _NOT_FOUND:
        return _GONE if to == "chat" else _never(limits.RULE_NO_COMMENT)
    if found is not None:
        return found
    meaning = CODES.get(failure.code)
    if failure.code == 100 and template:
        # Nothing else is known to be wrong with it, so it is the parameters of the template.
        return _never(limits.RULE_TEMPLATE)
    if meaning is None:
        passing = failure.transient or response.status >= 500
        name = "without-code" if failure.code == NO_CODE else failure.code
        return _LATER if passing else _never(f"graph-{name}")
    return meaning


def _error(meaning: Meaning, failure: Failure, response: Response) -> PlugError:
    text = f"Instagram: {failure}"
    if meaning.kind is Kind.LATER:
        return TryLater(text, after=_retry_after(response))
    if meaning.kind is Kind.WAIT:
        return TryLater(text, after=_rest(response), whole_account=True)
    if meaning.kind is Kind.CREDENTIALS:
        return CredentialsBad(text)
    if meaning.kind is Kind.GONE:
        return RecipientGone(text)
    return NeverSend(text, rule=meaning.rule)


def _without_failure(response: Response, body: Mapping[str, object]) -> Answered:
    """An answer in which Instagram itself complains of nothing, or that is not Instagram's."""
    status = response.status
    if 200 <= status < 300:
        reference = _text(body, "message_id") or _text(body, "id")
        return Answered(reference=reference, recipient=_text(body, "recipient_id") or None)
    text = f"Instagram answered {status} without saying why"
    if status in GATEWAY_LOST:
        raise OutcomeUnknown(text)
    if status == 429:
        raise TryLater(text, after=_rest(response), whole_account=True)
    if status == 401:
        raise CredentialsBad(text)
    if status >= 500 or status < 400 or status in WORTH_REPEATING:
        raise TryLater(text, after=_retry_after(response))
    raise NeverSend(text, rule=f"http-{status}")


def _retry_after(response: Response) -> float | None:
    value = response.headers.get("retry-after", "")
    # The other form, a date, would have to be held against a clock that we do not have.
    return float(value) if value.isascii() and value.isdigit() and len(value) < 7 else None


def _rest(response: Response) -> float:
    """How long Meta wants to be left alone, in seconds."""
    return _retry_after(response) or _regained(response) or REST


def _regained(response: Response) -> float | None:
    """The longest wait named in the usage header, which counts in minutes."""
    usage = _object(response.headers.get("x-business-use-case-usage", "").encode())
    named = [one for several in usage.values() if isinstance(several, list) for one in several]
    minutes = [one.get("estimated_time_to_regain_access") for one in named if isinstance(one, dict)]
    longest = max((m for m in minutes if isinstance(m, int | float)), default=0)
    return min(longest, 24 * 60) * 60.0 if longest > 0 else None


def _failure(body: Mapping[str, object]) -> Failure | None:
    error = body.get("error")
    if not isinstance(error, dict):
        return None
    said = f"{error.get('message', '')} (trace {error.get('fbtrace_id', 'none')})"
    return Failure(
        code=_int(error.get("code"), NO_CODE),
        subcode=_int(error.get("error_subcode"), 0),
        text=redact_text(said[:300]),
        transient=error.get("is_transient") is True,
    )


def _int(value: object, otherwise: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) else otherwise


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    return str(value)[:512] if isinstance(value, str | int) else ""


def _object(raw: bytes) -> dict[str, object]:
    try:
        value = decode_lenient(raw)
    except UNREADABLE:
        return {}
    return value if isinstance(value, dict) else {}
