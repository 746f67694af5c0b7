"""What the tabular explorer is made of."""
