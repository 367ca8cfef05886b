"""Help: short pages for whoever is signed in. They hold no sponsor's data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from batches.services.rules import LIFE as LIFE_OF_A_BATCH
from oversight.kernel.clocks.rules import Rule, Side
from oversight.kernel.notifications.groups import ABOUT, DEFAULTS, Group
from oversight.web.catalogue import KINDS
from quality.models import Deviation
from quality.services import rules as house

from .glossary import WORDS
from .roles import PAGES, RolePage

View = Callable[[HttpRequest], HttpResponse]

# What starts and ends each clock of a deviation's and a batch's life, in the order of that life.
MEANINGS = {
    "notice-critical": ("somebody noticed a critical deviation", "the sponsor is told"),
    "notice-major": ("somebody noticed a major deviation", "the sponsor is told"),
    "notice-minor": ("somebody noticed a minor deviation", "the sponsor is told"),
    "containment": ("somebody noticed it", "the fifth containment action is ticked"),
    "report-acceptance": ("the sponsor was told", "the sponsor accepts the report"),
    "investigation": ("somebody noticed it", "the root cause is sent"),
    "root-cause-review": ("the root cause was sent", "the sponsor accepts or returns it"),
    "root-cause-correction": ("the root cause was returned", "it is sent again"),
    "closure": ("the root cause was accepted", "a second person closes it with a signature"),
    "batch-record": ("the batch was made", "the CDMO sends the batch record"),
    "record-review": ("the batch record was sent", "the sponsor releases or rejects the batch"),
    "added-task": ("somebody added the task", "it is done, or declared not needed"),
}
STARTS_WITH_REPORT = ("the deviation was reported", "the task is done, or declared not needed")


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One rule of the house in words."""

    label: str
    limit: str
    whose: str
    starts: str
    ends: str
    escalates: str


@dataclass(frozen=True, slots=True)
class Response:
    """What one type of event calls for."""

    label: str
    lines: tuple[ClockLine, ...]


def page(template: str, **facts: Any) -> View:
    """A page of help that is the same for everybody."""

    @never_cache
    @login_required
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        return render(request, f"help/{template}.html", {name: _value(each) for name, each in facts.items()})

    return view


def role(found: RolePage) -> View:
    """The page of one role."""
    return page("role", page=found)


def clock_lines() -> tuple[ClockLine, ...]:
    """The clocks of a deviation's own life, and of a batch's."""
    return tuple(_line(rule) for rule in (*house.house_rules(), *LIFE_OF_A_BATCH) if rule.name in MEANINGS)


def responses() -> tuple[Response, ...]:
    """The tasks that each type of event calls for, with their clocks."""
    return tuple(
        Response(str(Deviation.EventType(kind).label), tuple(_line(rule) for rule in each.steps))
        for kind, each in house.RESPONSES.items()
    )


def signed_moves() -> tuple[tuple[str, str, str], ...]:
    """What is signed: of which kind, by which move, with which meaning."""
    return tuple(
        (kind.label, move.label, move.signed_as)
        for kind in KINDS
        for move in kind.workflow.transitions
        if move.signed_as
    )


def groups() -> tuple[tuple[str, str, str], ...]:
    """What people are told of: the group, what is in it, how it comes unless one chooses otherwise."""
    return tuple((str(group.label), ABOUT[group], str(DEFAULTS[group].label)) for group in Group)


index = page("index", pages=PAGES)
clocks = page("clocks", lines=clock_lines, responses=responses)
words = page("words", words=tuple((word, meaning) for word, meaning, on_screen in WORDS if on_screen))
signatures = page("signatures", moves=signed_moves)
keyboard = page("keyboard")
notices = page("notices", groups=groups)


def _line(rule: Rule) -> ClockLine:
    starts, ends = MEANINGS.get(rule.name, STARTS_WITH_REPORT)
    return ClockLine(
        rule.label, rule.unit.words(rule.limit), str(Side(rule.side).label), starts, ends, rule.escalates_to
    )


def _value(fact: Any) -> Any:
    return fact() if callable(fact) else fact
