"""The widgets: one file for each public one, and helpers beside them. Nothing numerical."""
