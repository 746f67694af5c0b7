"""What is kept of the rows of slices to tell a metric and its interval, also of all other rows."""
