"""Today, where a sponsor's workspace begins, and the page of what partners owe."""

from itertools import groupby
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock
from oversight.kernel.clocks.rules import Side
from oversight.kernel.records.addresses import address, key_in, place
from oversight.kernel.records.frame import acting
from oversight.kernel.workflow.refusals import Refused
from quality.records import DEVIATION
from techtransfer.records import EARLY_WARNING, IMPACT_ALERT, PROGRAMME

from . import board as told
from .board import Board, read_board
from .counts import MOST, Asked, Count, count, framed, framing
from .figures import figures
from .moments import in_words, joined, moment
from .moved import refused, seen
from .partners import owed
from .programmes import leads_with_dates
from .queue import Whose, decides, queue, team_of
from .reminders import remind, with_reminders
from .work import Work, assemble, records_of

MOST_OWED = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, shortest clock first; what partners owe, what comes, what others did."""
    actor, now = acting(request), timezone.now()
    whose = _whose(actor, request.GET.get("whose", ""))
    soon, every = request.GET.get("due") == "day", request.GET.get("show") == "all"
    board = read_board(actor, whose=whose, soon=soon, every=every, now=now)
    request.frame_counts = board.frame  # type: ignore[attr-defined]  # the navigation need not ask again
    today = now.astimezone(ZoneInfo(actor.tz))
    team, _ = team_of(actor)
    context = {
        "now": now,
        "date": f"{today:%A} {today.day} {today:%B}",
        "sentence": _sentence(actor, whose, team, board),
        "choices": [(name, words, name == whose) for name, words in _choices(team)],
        "whose": whose,
        "soon": soon,
        "team": team,
        "figures": figures(actor, board, home_url=place("home", actor), whose=whose, now=now),
        "heading": _heading(actor, whose, team),
        "groups": _grouped(board.decisions),
        "first_act": next((work for work in board.decisions if work.mine), None),
        "count": board.counts.get(told.SOON_OF if soon else told.WHOSE, Count()),
        "may_show_all": not every and not soon,
        "waiting_count": board.counts.get(told.ALL_PARTNERS, Count()).words,
        "empty": _empty(actor, whose, team, soon=soon),
        "board": board,
        "dates_first": leads_with_dates(actor),
        "programmes_url": address(PROGRAMME, "list", actor) if PROGRAMME.may(actor, "view") else "",
        "moved": board.moved,
        "moved_url": f"{address(IMPACT_ALERT, 'list', actor)}?status=OPEN",
        "seen_url": place("seen", actor),
        "warnings_url": f"{address(EARLY_WARNING, 'list', actor)}?status=OPEN",
        "since": moment(board.since, now, actor.tz) if board.since else "",
        "record_url": address(DEVIATION, "create", actor) if DEVIATION.may_write(actor, "create") else "",
        "partners_url": place("partners", actor),
        "remind_url": place("remind", actor),
        "feed_url": place("notice-preferences", actor),  # where a member's calendar feed is made
        "trail_url": place("audit-trail", actor) if actor.can("trail.view") else "",
    }
    return render(request, "today/page.html", context)


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Everything that waits for partners, late first; `late`: only that."""
    actor, now = acting(request), timezone.now()
    late = request.GET.get("late") == "yes"
    theirs = queue(actor, side=Side.CDMO, whose=Whose.EVERYONE)
    rows = theirs.filter(due_at__lt=now) if late else theirs
    clocks = list(with_reminders(actor, rows, now=now).order_by("due_at", "id")[:MOST_OWED])
    counts = count(
        [
            *framing(actor),
            Asked.of("all", theirs, clocks=True),
            Asked.of("late", theirs.filter(due_at__lt=now), clocks=True),
        ],
        now=now,
    )
    request.frame_counts = framed(counts, now=now)  # type: ignore[attr-defined]
    works = assemble(actor, clocks, records_of(actor, clocks), now=now)
    context = {
        "late": late,
        "lines": owed(actor, works, now=now),
        "sentence": _owing(counts.get("all", Count()), counts.get("late", Count())),
        "home_url": place("home", actor),
        "cut": len(clocks) == MOST_OWED,
        "remind_url": place("remind", actor),
    }
    return render(request, "today/partners.html", context)


@require_POST
def send_reminder(request: HttpRequest) -> HttpResponse:
    """Remind the partner of what one clock asks of it."""
    actor = acting(request)
    if (key := key_in(request.POST.get("clock", ""))) is None:
        raise Http404
    here = place("partners" if request.POST.get("from") == "partners" else "home", actor)
    try:
        record = remind(actor, key, now=timezone.now())
    except Clock.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return refused(request, actor, "No reminder was sent", refusal.sentences, here)
    messages.success(
        request, f"Reminder sent. It stands in the discussion of {record.number}, where the partner reads it."
    )
    return HttpResponseRedirect(f"{here}#waiting")


def today_urls() -> list[URLPattern]:
    """The sponsor's home, and what belongs to it."""
    return [
        path("", home, name="home"),
        path("partners/", partners, name="partners"),
        path("partners/remind/", send_reminder, name="remind"),
        path("moved/seen/", seen, name="seen"),
    ]


def _whose(actor: Actor, asked: str) -> Whose:
    """What the URL asks for; else one's own, for a role that has any."""
    team, _ = team_of(actor)
    if asked in {name for name, _ in _choices(team)}:
        return Whose(asked)
    return Whose.MINE if decides(actor) else Whose.EVERYONE


def _choices(team: str) -> list[tuple[Whose, str]]:
    middle = [(Whose.TEAM, team)] if team else []
    return [(Whose.MINE, "Mine"), *middle, (Whose.EVERYONE, "Everyone")]


def _whom(actor: Actor, whose: Whose, team: str) -> str:
    return {Whose.MINE: "you", Whose.TEAM: f"the {team}", Whose.EVERYONE: actor.sponsor_name}[whose]


def _sentence(actor: Actor, whose: Whose, team: str, board: Board) -> str:
    """Seven decisions wait for you. One is late, two run out today."""
    waiting, today = board.counts.get(told.WHOSE, Count()), board.counts.get(told.TODAY, Count()).number
    whom = _whom(actor, whose, team)
    if not waiting.number:
        own = "" if decides(actor) or whose is not Whose.MINE else " Your role decides nothing here."
        return f"Nothing waits for {whom}.{own}"
    verb = "decision waits" if waiting.number == 1 else "decisions wait"
    said = f"{in_words(waiting.number, MOST)} {verb} for {whom}."
    parts = []
    if waiting.late:
        parts.append(f"{in_words(waiting.late, MOST)} {'is' if waiting.late == 1 else 'are'} late")
    if today:
        parts.append(f"{in_words(today, MOST)} {'runs' if today == 1 else 'run'} out today")
    return f"{said} {joined(parts)}" if parts else said


def _owing(every: Count, late: Count) -> str:
    if not every.number:
        return "Nothing waits for a partner."
    verb = "thing waits for a partner" if every.number == 1 else "things wait for partners"
    number = in_words(late.number, MOST)
    said = f"{number} {'is' if late.number == 1 else 'are'} late." if late.number else "None is late."
    return f"{in_words(every.number, MOST)} {verb}. {said}"


def _heading(actor: Actor, whose: Whose, team: str) -> str:
    if whose is Whose.MINE:
        return "Your decisions"
    return f"Decisions of the {team}" if whose is Whose.TEAM else f"Decisions of {actor.sponsor_name}"


def _empty(actor: Actor, whose: Whose, team: str, *, soon: bool) -> str:
    if soon:
        return "Nothing runs out within the next 24 hours."
    if whose is Whose.MINE and not decides(actor):
        return "Your role decides nothing here. Everyone shows what waits for others."
    if whose is Whose.MINE:
        return "Nothing waits for you. What partners report stands here at once, with its clock."
    return f"Nothing waits for {_whom(actor, whose, team)}. What partners report stands here at once, with its clock."


def _grouped(works: tuple[Work, ...]) -> list[tuple[str, list[Work]]]:
    return [(group, list(rows)) for group, rows in groupby(works, key=lambda work: work.group)]
