"""What the importance widget is made of."""
