"""Pages of notices and their preferences, and the calendar feed."""
