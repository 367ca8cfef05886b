"""Runs Oversight on one machine: embedded servers, one process per duty, nothing left behind. Knows no Django."""
