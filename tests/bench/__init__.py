"""The benchmarks: what they are taken on, what they print and draw."""
