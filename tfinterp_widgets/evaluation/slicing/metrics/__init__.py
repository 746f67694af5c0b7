"""What is measured in slices."""
