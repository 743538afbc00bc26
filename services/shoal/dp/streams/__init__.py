"""Statistics that go on as batches arrive: what streams are, how they go on, and how they are kept."""
