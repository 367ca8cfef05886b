"""A web and a worker whose machine tells another time: by as many seconds as a file says, at each look at the clock."""

import os
import sys
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from . import mortal

FILE = "seconds"
_time = time.time


def web(port: str) -> None:
    """The web as it is, at that port, by the wrong clock."""
    _skew()
    mortal.web(port)


def worker() -> None:
    """A worker as it is, by the wrong clock."""
    _skew()
    mortal.worker()


def _seconds() -> float:
    try:
        return float((Path(os.environ["FAULTS"]).parent / FILE).read_text() or 0)
    except FileNotFoundError:
        return 0.0


class _Any(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, datetime)


class _Skewed(datetime, metaclass=_Any):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + timedelta(seconds=_seconds())


def _skew() -> None:
    """Whatever of the product or of Django asks for the time gets another one."""
    time.time = lambda: _time() + _seconds()
    for module in list(sys.modules.values()):
        if getattr(module, "datetime", None) is datetime and module.__name__ != __name__:
            module.datetime = _Skewed
