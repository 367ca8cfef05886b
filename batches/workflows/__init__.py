"""How supply moves."""
