"""Floor 6: payments. One completion path for webhook, return page and poller; refunds by rule."""
