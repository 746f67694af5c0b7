"""What is told of slices: the table and its parts."""
