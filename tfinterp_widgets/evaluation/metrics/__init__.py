"""How well predictions fit labels."""
