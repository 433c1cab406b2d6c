"""Floor 3: what every step was given and what it did, so that any conversation can be replayed."""
