"""Our own channel shows every primitive, so its limits are the widest the house uses."""

from __future__ import annotations

from app.core.outbound import Limits

LIMITS = Limits(
    text=4000,
    buttons=12,
    button_label=60,
    button_text=4000,
    quick_replies=12,
    quick_label=60,
    cards=10,
    card_title=120,
    url_buttons=True,
    window=None,
    comment_window=0,
    public_reply=False,
    sends_per_second=200.0,
    # The page reads the row itself, so there is no send whose outcome could be unknown.
    unknown_outcome="once-by-nature",
    comment_unknown_outcome="once-by-nature",
)

RULE_DESTINATION = "no-such-destination"
RULE_EMPTY = "empty-message"
