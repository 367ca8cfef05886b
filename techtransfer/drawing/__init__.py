"""The plan as a drawing: values in, SVG and HTML out, without a style, so that it passes the content policy."""

from .labels import labels
from .period import Period, choose
from .svg import draw
from .values import Arrow, Bar, Imagined, Lane, Span

__all__ = ["Arrow", "Bar", "Imagined", "Lane", "Period", "Span", "choose", "draw", "labels"]
