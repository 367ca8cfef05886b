"""The performance goals, measured on one machine in one run; only ratios and counts are judged."""
