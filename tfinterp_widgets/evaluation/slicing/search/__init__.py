"""The search for bad slices."""
