"""How quality records move."""
