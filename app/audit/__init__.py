"""Floor 8: the promises of the house, checked by name against the rows that are there."""
