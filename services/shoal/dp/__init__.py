"""Statistics with differential privacy."""
