"""Models of tables, whatever made them, as functions of rows."""
