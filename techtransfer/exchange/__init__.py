"""Plans as files: read, compared with what stands, taken in as a whole or not at all, and written out again."""
