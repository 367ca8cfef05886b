"""Where a day begins: what waits for whom, by its clock."""
