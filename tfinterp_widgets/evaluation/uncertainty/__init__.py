"""How sure a number is: intervals, tests and false discoveries, on plain arrays."""
