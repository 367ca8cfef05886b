"""What-ifs: previews, scenarios, ways to win days back, baselines compared."""
