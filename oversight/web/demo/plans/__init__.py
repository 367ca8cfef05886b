"""The programmes of the demo world: what is planned, what really happened, and how it is told."""
