"""Floor 3: the one door out. A row here is a job; only the deliver loop talks to the network."""
