"""Rows of a table, and what a model's score of each is made of."""
