"""How each row moves a metric of its slice."""
