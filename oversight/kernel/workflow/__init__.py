"""Workflows: how a record moves, written once."""
