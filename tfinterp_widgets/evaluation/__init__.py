"""Numbers about a model on data: how good it is on which rows, and what columns are worth to it."""
