"""Scenarios and baselines beside each other, and what-ifs for programs."""
