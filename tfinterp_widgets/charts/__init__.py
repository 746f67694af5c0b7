"""Statistical charts: bqplot figures that the widgets compose, arrays in."""
