"""The detection service: which columns of a table identify people, and how."""
