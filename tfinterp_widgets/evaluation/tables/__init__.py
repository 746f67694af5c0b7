"""Tables of mixed types, and what their cells hold."""
