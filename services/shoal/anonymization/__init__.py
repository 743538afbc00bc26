"""From a table about people to a release: hierarchies, the search, the written table, and the solution that is kept."""
