"""Scanners that stand in for the one of the house."""

from pathlib import Path


def finds(path: Path) -> str:
    """Knows one kind of harm."""
    return "EICAR" if b"EICAR" in path.read_bytes() else "CLEAN"


def fails(path: Path) -> str:
    """Is away."""
    raise ConnectionRefusedError(path)


def is_silent(path: Path) -> None:
    """Says nothing at all."""
