"""Floor 3: the one door in. Events are stored once, then take effect one at a time per lane."""
