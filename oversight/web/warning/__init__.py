"""Early warnings beyond their records: how well they did, and what the API says of those of a programme."""
