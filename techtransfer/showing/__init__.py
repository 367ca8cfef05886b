"""What the pages of programmes show: steps with their dates, chains of causes, what belongs to a programme."""
