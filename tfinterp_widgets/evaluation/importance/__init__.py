"""Permutation importance: what a score loses when a column is shuffled."""
