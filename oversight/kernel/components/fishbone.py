"""A cause and effect diagram: up to six bones, each with its causes; a list beside it always says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 820, 330
MIDDLE = HEIGHT / 2
HEAD = WIDTH - 150  # where the effect begins
BONES, APART, FIRST = 3, 212, 40  # on each side of the spine
LETTER = 5.6  # as wide as one letter, about
WORDS = {"root": "root-text", "out": "ruled", "open": "t-mid"}


@dataclass(frozen=True, slots=True)
class Cause:
    """One suspected cause: `root`, ruled `out`, or still `open`."""

    words: str
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Bone:
    """One category with its causes."""

    name: str
    causes: tuple[Cause, ...] = ()


def fishbone(bones: Sequence[Bone], effect: str) -> SafeString:
    """The drawing of at most six bones; three stand above the spine, three below."""
    head = f"M{HEAD} {MIDDLE - 34} h138 a8 8 0 0 1 8 8 v52 a8 8 0 0 1 -8 8 h-138 l14 -34z"
    parts = [
        format_html('<line class="spine" x1="16" x2="{}" y1="{}" y2="{}"/>', HEAD, MIDDLE, MIDDLE),
        format_html('<path class="head" d="{}"/>', head),
    ]
    lines = wrap(effect, 18)[:4]
    for number, line in enumerate(lines):
        y = MIDDLE - 7 * (len(lines) - 1) + number * 15 + 4
        parts.append(format_html('<text class="head-text" x="{}" y="{}">{}</text>', HEAD + 24, y, line))
    for place, bone in enumerate(bones[: 2 * BONES]):
        parts += _bone(bone, x=FIRST + place % BONES * APART, above=place < BONES)
    return format_html(
        '<svg class="chart fish" viewBox="0 0 {} {}" role="img"'
        ' aria-label="Cause and effect diagram of {}. The list holds the same causes.">{}</svg>',
        WIDTH,
        HEIGHT,
        effect,
        mark_safe("".join(parts)),  # noqa: S308  each part was made by format_html
    )


def _bone(bone: Bone, *, x: float, above: bool) -> list[SafeString]:
    end, foot = (30.0 if above else HEIGHT - 30.0), x + 150
    parts = [
        format_html('<line class="bone" x1="{}" y1="{}" x2="{}" y2="{}"/>', x + 46, end, foot, MIDDLE),
        format_html('<rect class="cat" x="{}" y="{}" width="92" height="26" rx="6"/>', x, end - 13),
        format_html('<text class="cat-text" x="{}" y="{}" text-anchor="middle">{}</text>', x + 46, end + 4, bone.name),
    ]
    for number, cause in enumerate(bone.causes):
        along = (number + 1) / (len(bone.causes) + 1) * 0.62 + 0.16
        left, y = x + 46 + (foot - x - 46) * along, end + (MIDDLE - end) * along
        parts += _twig(cause, round(left + (0 if above else 8)), round(y))
    return parts


def _twig(cause: Cause, x: int, y: int) -> list[SafeString]:
    wide = round(len(cause.words) * LETTER + 8)
    parts = [format_html('<line class="twig" x1="{}" x2="{}" y1="{}" y2="{}"/>', x, x + wide + 8, y, y)]
    if cause.state == "root":
        parts.append(
            format_html('<rect class="root" x="{}" y="{}" width="{}" height="16" rx="4"/>', x + 5, y - 19, wide + 6)
        )
    parts.append(
        format_html('<text class="{}" x="{}" y="{}">{}</text>', WORDS[cause.state], x + 10, y - 7, cause.words)
    )
    return parts
