"""People: who writes to the shop, where they live, what they agreed to, and their points."""
