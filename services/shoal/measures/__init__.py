"""What can be measured about a table, whichever service reports it: risk and quality, from class sizes and levels."""
