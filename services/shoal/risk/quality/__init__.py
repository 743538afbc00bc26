"""What a release lost, measured on the two tables alone: polars expressions and whole numbers, nothing of the search."""
