"""The partner's pages at one sponsor: what it expects, what it answered, how times are kept, and what is shared."""

from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from batches.records import BATCH
from cdmos.records import CDMO
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.rules import Side
from oversight.kernel.records.addresses import address, place
from oversight.kernel.records.frame import acting
from oversight.roles import PARTNER_SIDE
from oversight.web.drafting.pages import lines_of
from oversight.web.today.feed import News, happened, told
from oversight.web.today.moved import moved, seen
from oversight.web.today.queue import Whose
from oversight.web.today.work import records_of, work
from quality.reporting import beginnings
from techtransfer.records import CHECK_IN, IMPACT_ALERT, MILESTONE

from .check_ins import asked
from .dates import SHOWN as DATES
from .dates import confirm, steps, works_on_dates
from .making import SHOWN as BATCHES
from .making import batches
from .performance import CLOCKS, FIRST_TIME, counted, measures
from .sharing import shared_kinds
from .todo import SHOWN, Line, grouped, line, sentence

ANSWERS = 8
LOOKED_AT = 60  # steps of others, in which those of the sponsor are found
RECENT = timedelta(days=90)
DRAFTS = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this sponsor expects from the partner, soonest first; where to report; what it answered."""
    actor, now = acting(request), timezone.now()
    lines = expected(actor)
    mine = [each for each in lines if each.mine]
    own = request.GET.get("whose") == "mine"
    shown = mine if own else lines
    begin, dates, made = beginnings(actor), steps(actor, now=now), batches(actor)
    context = {
        "sentence": sentence(shown, now, actor.tz),
        "own": own,
        "mine": len(mine),
        "decides": any(each.act for each in lines),
        "groups": grouped(shown, now, actor.tz),
        "first_act": next((each for each in shown if each.act), None),
        "cut": len(lines) == SHOWN,
        "beginnings": begin,
        "report_url": begin[0].href if begin else "",
        "answers": answers(actor),
        "moved": moved(actor, now=now),
        "moved_url": f"{address(IMPACT_ALERT, 'list', actor)}?status=OPEN",
        "seen_url": place("seen", actor),
        "dates": dates[:DATES],
        "dates_cut": len(dates) > DATES,
        "dates_url": address(MILESTONE, "list", actor),
        "may_move": bool(dates) and works_on_dates(actor),
        "batches": made[:BATCHES],
        "batches_cut": len(made) > BATCHES,
        "batches_url": f"{address(BATCH, 'list', actor)}?status=open",
        "measures": measures(actor, now),
        "check_ins": asked(actor, now=now),
        "check_ins_url": address(CHECK_IN, "list", actor),
        "check_in_url": address(CHECK_IN, "create", actor),
        "drafts": lines_of(actor, DRAFTS),
        "drafts_url": place("drafts", actor),
        "performance_url": place("our-performance", actor),
        "calendar_url": place("notice-preferences", actor) + "#calendar",
    }
    return render(request, "portal/home.html", context)


@require_safe
def our_performance(request: HttpRequest) -> HttpResponse:
    """Each share of the last 90 days with the records that it counts."""
    actor, now = acting(request), timezone.now()
    shares = measures(actor, now)
    asked = request.GET.get("of", "")
    name = (
        asked if asked in {*CLOCKS, FIRST_TIME[0]} else next((m.name for m in shares if m.tone == "warn" and m.of), "")
    )
    chosen = next((each for each in shares if each.name == name), shares[0])
    context = {"measures": shares, "chosen": chosen, "lines": counted(actor, chosen.name, now)}
    return render(request, "portal/performance.html", context)


@require_safe
def what_is_shared(request: HttpRequest) -> HttpResponse:
    """Which records and fields this sponsor and the partner both see, and what neither sees of the other."""
    actor = acting(request)
    return render(request, "portal/shared.html", {"kinds": shared_kinds(actor)})


def expected(actor: Actor) -> list[Line]:
    """What the sponsor of this scope expects from the actor's company, soonest first."""
    now = timezone.now()
    works = work(actor, side=Side.CDMO, whose=Whose.EVERYONE, now=now, limit=SHOWN)
    return [line(each, actor, now) for each in works]


def answers(actor: Actor) -> tuple[News, ...]:
    """What the sponsor's people did lately to what this partner sees, and said to it."""
    now = timezone.now()
    steps = happened(actor, since=now - RECENT, most=LOOKED_AT)
    theirs = [step for step in steps if step.role not in PARTNER_SIDE and step.role != "partner"][:ANSWERS]
    found = told(actor, theirs, records_of(actor, theirs), now=now)
    # Whose people they are stands above them all.
    return tuple(replace(each, words=each.words.removeprefix(f"of {actor.sponsor_name} ")) for each in found)


def portal_home_urls() -> list[URLPattern]:
    """The partner's home at one sponsor, and the pages that lead from it."""
    return [
        path("", home, name="home"),
        path("dates/confirm/", confirm, name="confirm-date"),
        path("moved/seen/", seen, name="seen"),
        path("our-performance/", our_performance, name="our-performance"),
        path("what-is-shared/", what_is_shared, name="shared"),
    ]


def own_record_url(actor: Actor) -> str:
    """Where the partner's own record stands, as this sponsor keeps it; empty where its role may not see it."""
    return address(CDMO, "detail", actor, actor.cdmo) if actor.is_partner and CDMO.may(actor, "view") else ""
