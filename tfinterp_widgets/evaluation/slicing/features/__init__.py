"""What rows are sliced by."""
