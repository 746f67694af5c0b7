"""Slices against one another, and tables against one another."""
