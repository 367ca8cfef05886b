"""The schedule engine: values in, values out; standard library alone, no clock, no database."""

from .alone import dates_of
from .backward import LateDates, backward
from .calendar import Calendar
from .dates import Dates, Driver
from .errors import CycleError, ScheduleError
from .forward import forward
from .network import Network, compile_network
from .nodes import Link, Node
from .propagate import propagate
from .trace import Step, out_of_sequence, steps, trace

__all__ = [
    "Calendar",
    "CycleError",
    "Dates",
    "Driver",
    "LateDates",
    "Link",
    "Network",
    "Node",
    "ScheduleError",
    "Step",
    "backward",
    "compile_network",
    "dates_of",
    "forward",
    "out_of_sequence",
    "propagate",
    "steps",
    "trace",
]
