"""Draws that do not depend on the chunks, what they add up to, and orders of visiting."""
