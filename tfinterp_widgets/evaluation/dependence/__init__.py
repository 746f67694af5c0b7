"""Partial dependence: how predictions change with a column."""
