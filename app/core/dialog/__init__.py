"""The conversation as a pure machine: `step(state, event, facts) -> (state, wants)`."""
