"""One question to one model: what it was asked with, what it said, what is remembered."""
