"""Floor 9: what answers HTTP. Hooks take events in; pages, chat, API and console read and ask."""
