"""May this be sent now? A platform's rules are data, and they are obeyed before sending."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.outbound import ChannelSend, Limits


def rule_against(
    job: ChannelSend, limits: Limits, window_until: datetime | None, now: datetime
) -> str | None:
    """The name of the rule that forbids this send at this moment, None when it may leave.

    `window` the chat's own window is closed or was never opened; `comment-window` the comment is
    too old for a private answer; `no-public-reply`, `no-public-reply-live` the platform has none.
    """
    match job.destination.to:
        case "comment-private":
            commented = job.destination.commented_at
            longest = limits.live_comment_window if job.destination.live else limits.comment_window
            if commented is None or longest is None:
                return None
            return "comment-window" if now - commented >= timedelta(seconds=longest) else None
        case "comment-public":
            if not limits.public_reply:
                return "no-public-reply"
            if job.destination.live and not limits.public_reply_live:
                return "no-public-reply-live"
            return None
    if limits.window is not None and (window_until is None or now >= window_until):
        return "window"
    return None
