"""Talking to the bot in a terminal: the whole house in one process, through its real doors."""
