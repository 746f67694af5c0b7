"""What the slice explorer is made of."""
