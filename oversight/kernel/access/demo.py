"""Whether the demo world stands: under `dev.py up` the health page waits for it."""

from .models import DemoWorld


def is_loaded() -> bool:
    """True once the last row of the demo world was written."""
    return DemoWorld.objects.exists()
