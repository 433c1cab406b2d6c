"""The one tree of errors. Core knows no HTTP status: `app/web/errors.py` holds that table.

DangolError
├── Rejected        the request is understood and refused (code, text for its reader)
├── NotFound        no such thing, or not yours
├── Conflict        it changed since you looked
├── Denied          no or insufficient credentials
├── Unavailable     try again later (after)
├── Broken          our own promise does not hold: a defect
└── PlugError       what a channel or gateway may raise; the worker decides on these four only
    ├── TryLater          temporary; `after` seconds, and whether the whole account must wait
    ├── NeverSend         permanent for this message
    ├── RecipientGone     this person cannot be reached
    └── CredentialsBad    the account's token or permission is gone
"""

from __future__ import annotations


class DangolError(Exception):
    """Base of every error raised on purpose.

    `code` is stable and documented in `docs/errors.md`; `text` tells a person what was wrong and
    what to do.
    """

    code = "error"

    def __init__(self, text: str, *, code: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        if code is not None:
            self.code = code


class Rejected(DangolError):
    """The input is understood and refused."""

    code = "rejected"


class NotFound(DangolError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not-found"


class Conflict(DangolError):
    """The thing changed since it was read, or is not in a state that allows this."""

    code = "conflict"


class Denied(DangolError):
    """The caller is unknown or may not do this."""

    code = "denied"


class Unavailable(DangolError):
    """Nothing was done; the same request may succeed after `after` seconds."""

    code = "unavailable"

    def __init__(self, text: str, *, after: float = 1.0, code: str | None = None) -> None:
        super().__init__(text, code=code)
        self.after = after


class Broken(DangolError):
    """A promise of our own does not hold."""

    code = "broken"


class PlugError(DangolError):
    """What a channel or a gateway may raise while something is being sent."""

    code = "plug"


class TryLater(PlugError):
    """Temporary. `after` is in seconds; `whole_account` pauses every send of the account."""

    code = "try-later"

    def __init__(
        self, text: str, *, after: float | None = None, whole_account: bool = False
    ) -> None:
        super().__init__(text)
        self.after = after
        self.whole_account = whole_account


class NeverSend(PlugError):
    """This message will never be accepted; `rule` names the platform's rule when there is one."""

    code = "never-send"

    def __init__(self, text: str, *, rule: str | None = None) -> None:
        super().__init__(text)
        self.rule = rule


class RecipientGone(PlugError):
    """This person cannot be reached any more (blocked, left, deleted)."""

    code = "recipient-gone"


class CredentialsBad(PlugError):
    """The account's token or permission is gone; the merchant has to connect it again."""

    code = "credentials-bad"
