"""Hiding parts of an input, and what can be learned from the scores without them."""
