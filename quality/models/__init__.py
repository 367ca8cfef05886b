"""Quality events, and the tasks that follow from them."""

from .deviation import Deviation
from .response_task import ResponseTask

__all__ = ["Deviation", "ResponseTask"]
