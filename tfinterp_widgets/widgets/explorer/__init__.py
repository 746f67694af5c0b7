"""What the attribution explorer is made of."""
