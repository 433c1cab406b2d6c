"""Floor 5: orders. What was bought, for how much and why, and everything that became of it."""
