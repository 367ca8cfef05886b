"""What the API says of a programme beyond its record: the whole plan, and where the days of each study come from."""
