"""Floor 0: pure rules and words. No I/O, no clock reads, no chance of its own."""
