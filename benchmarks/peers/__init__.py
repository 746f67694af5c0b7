"""What peers take for what the engine does: one file per peer, each run in its own environment."""
