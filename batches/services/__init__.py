"""What follows from what happens to batches, lots and their genealogy."""
