"""Metrics of slices: parts of the rows, by the values of features."""
