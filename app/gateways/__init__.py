"""Floor 9: plugs to payment providers and membership stores. They stand on edge and core only."""
