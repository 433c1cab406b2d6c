"""Floor 9: the three loops. `drain` takes effect, `deliver` sends, `tick` tells the time."""
