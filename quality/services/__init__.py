"""What follows from quality moves."""
