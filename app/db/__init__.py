"""Floor 1: how tables are declared, the unit of work, and insert-once."""
