"""What happens to a chat that a newer version of the house has moved."""

from __future__ import annotations

from app.core.errors import Broken


class TooNew(Broken):
    """A newer version wrote this state: its lane is left for that version."""

    code = "state-too-new"
