"""Simulations of a programme: their pages, and the same for programs."""
