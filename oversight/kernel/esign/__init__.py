"""Electronic signatures (21 CFR Part 11)."""
