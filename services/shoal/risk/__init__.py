"""How exposed the people of a table are."""
