"""Intervals of metrics of slices."""
