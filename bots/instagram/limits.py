"""Instagram's rules as data: the plug, the core and the fake all read them here.

Source: Meta's pages on private replies, sending, quick replies, templates and rate limits, as of
2026. Where two pages differ, the stricter number stands.
"""

from __future__ import annotations

from app.core.outbound import Limits

DAY = 24 * 60 * 60

LIMITS = Limits(
    # Meta writes "1000 characters", and counts bytes: a Hangul syllable is three.
    text=1000,
    text_unit="bytes",
    buttons=3,
    button_label=20,
    button_text=640,
    quick_replies=13,
    quick_label=20,
    cards=10,
    card_title=80,
    url_buttons=True,
    window=DAY,
    comment_window=7 * DAY,
    live_comment_window=None,
    comment_buttons=True,
    public_reply=True,
    public_reply_live=False,
    sends_per_second=100.0,
    comment_replies_per_hour=750,
    # Nothing marks a send as ours, but its echo names the message.
    unknown_outcome="echo",
    # A second private reply to one comment is refused: asking again tells how the first one went.
    comment_unknown_outcome="once-by-nature",
)

# What only the encoder and the fake need. In characters.
CARD_SUBTITLE = 80
PAYLOAD = 1000

# The rules by name, as they are recorded when a message may not be sent. Those that core checks
# before sending have the same name there.
RULE_WINDOW = "window"
RULE_ONE_REPLY = "one-private-reply-per-comment"
RULE_TEMPLATE = "template"
RULE_NO_COMMENT = "comment-gone"
RULE_DUPLICATE = "duplicate-text"
RULE_OTHER_APP = "other-app-owns-thread"
RULE_CONSENT = "marketing-consent"
RULE_BAD_MESSAGE = "bad-message"
RULE_PUBLIC_LIVE = "no-public-reply-live"
RULE_EMPTY = "empty-message"
RULE_PAYLOAD = "payload-too-long"
