"""Numbers about a model on data: what a column is worth, and how predictions follow it."""
