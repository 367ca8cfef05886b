"""How a clock looks: words, tone and ring at one moment, and the panel of a record."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.calendar import Calendar, Unit
from oversight.kernel.clocks.face import face, span, when
from oversight.kernel.clocks.models import Clock, Status
from oversight.kernel.clocks.rules import PORTS, Rule, Side
from oversight.kernel.clocks.services import answer, clocks_of, pause, resume, start, stop
from oversight.kernel.trail.change import change
from tests.cast import World
from tests.support.models import Ticket

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def made(label: str, limit: int, unit: Unit, **fields: object) -> Clock:
    clock = Clock(label=label, limit=limit, unit=unit, status=Status.RUNNING, started_at=NOON)
    clock.follow(Calendar("Europe/Zurich"))
    for name, value in fields.items():
        setattr(clock, name, value)
    return clock


LOOKS = {
    # minutes of 60: below an hour is red from the start
    "containment begins": (60, Unit.MINUTES, 0 * MINUTE, "1 h left", "warn", "late", "100.0 0.0"),
    "a minute later": (60, Unit.MINUTES, MINUTE, "59 min left", "danger", "late", "98.3 1.7"),
    "19 min": (60, Unit.MINUTES, 41 * MINUTE, "19 min left", "danger", "late", "31.7 68.3"),
    "the last minute": (60, Unit.MINUTES, 59.5 * MINUTE, "less than a minute left", "danger", "late", "0.8 99.2"),
    "to the second": (60, Unit.MINUTES, HOUR, "less than a minute left", "danger", "late", "0.0 100.0"),
    "2 h over": (60, Unit.MINUTES, 3 * HOUR + 40 * MINUTE, "2 h over", "danger", "late", "0.0 100.0"),
    "3 days over": (60, Unit.MINUTES, 3 * DAY + 2 * HOUR, "3 days over", "danger", "late", "0.0 100.0"),
    "a day's hours": (24, Unit.HOURS, 16 * HOUR + 41 * MINUTE, "7 h 19 min left", "warn", "late", "30.5 69.5"),
    "whole hours": (24, Unit.HOURS, 5 * HOUR, "19 h left", "warn", "late", "79.2 20.8"),
    "two days": (72, Unit.HOURS, 20 * HOUR, "2 days left", "info", "progress", "72.2 27.8"),
    "three days": (96, Unit.HOURS, 24 * HOUR, "3 days left", "neutral", "open", "75.0 25.0"),
    # due Wednesday 23 December 17:00 CET: of 30 days and 4 hours
    "thirty days": (30, Unit.DAYS, 10 * DAY, "20 days left", "neutral", "open", "66.9 33.1"),
    "the last tenth of thirty days": (30, Unit.DAYS, 27 * DAY + 8 * HOUR, "2 days left", "warn", "late", "9.4 90.6"),
    "one day": (30, Unit.DAYS, 28 * DAY + 20 * HOUR, "1 day left", "warn", "late", "4.4 95.6"),
}  # fmt: skip


@pytest.mark.parametrize(("limit", "unit", "after", "words", "tone", "glyph", "dashes"), LOOKS.values(), ids=LOOKS)
def test_while_it_runs(
    limit: int, unit: Unit, after: timedelta, words: str, tone: str, glyph: str, dashes: str
) -> None:
    clock = made("Containment", limit, unit)
    seen = face(clock, NOON + after)
    assert (seen.words, seen.tone, seen.glyph, seen.dashes) == (words, tone, glyph, dashes)
    assert seen.small == f"containment, {unit.words(limit)}"
    assert seen.over is words.endswith("over")


ENDED = {
    "in time": (60, Unit.MINUTES, 52 * MINUTE, "Answered after 52 min of 60 min", "ok", "ok"),
    "late": (60, Unit.MINUTES, 75 * MINUTE, "Answered after 1 h 15 min of 60 min", "warn", "late"),
    "hours": (24, Unit.HOURS, 2.5 * HOUR, "Answered after 2 h 30 min of 24 h", "ok", "ok"),
    "a day": (30, Unit.DAYS, 1 * DAY, "Answered after 1 day of 30", "ok", "ok"),
    "working days": (5, Unit.WORKING_DAYS, 7 * DAY, "Answered after 5 working days of 5", "ok", "ok"),
    "the same day": (5, Unit.WORKING_DAYS, 3 * HOUR, "Answered the same day", "ok", "ok"),
    "at once": (60, Unit.MINUTES, 0 * MINUTE, "Answered at once", "ok", "ok"),
}


@pytest.mark.parametrize(("limit", "unit", "after", "words", "tone", "glyph"), ENDED.values(), ids=ENDED)
def test_once_it_is_answered_the_present_moment_says_nothing(
    limit: int, unit: Unit, after: timedelta, words: str, tone: str, glyph: str
) -> None:
    clock = made("Containment", limit, unit, status=Status.ANSWERED, answered_at=NOON + after)
    for now in (NOON + after, NOON + 400 * DAY):
        seen = face(clock, now)
        assert (seen.words, seen.tone, seen.glyph) == (words, tone, glyph)


def test_while_it_stands_still_and_once_it_is_stopped() -> None:
    clock = made("QTA reply", 3, Unit.WORKING_DAYS, status=Status.PAUSED, pauses=[NOON + HOUR])
    seen = face(clock, NOON + 90 * DAY)
    assert (seen.words, seen.tone, seen.glyph, seen.over) == ("Paused", "neutral", "hold", False)
    assert seen.small == "QTA reply, 3 working days: 3 days left when it was paused"
    stopped = made("Containment", 60, Unit.MINUTES, status=Status.STOPPED, stopped_at=NOON + 15 * MINUTE)
    seen = face(stopped, NOON + DAY)
    assert (seen.words, seen.tone, seen.glyph, seen.dashes, seen.over) == (
        "Stopped", "neutral", "void", "75.0 25.0", False,
    )  # fmt: skip


def test_lengths_in_words() -> None:
    assert [span(each) for each in (30 * MINUTE / 60, MINUTE, HOUR, HOUR + MINUTE, DAY - MINUTE, DAY, 2.9 * DAY)] == [
        "less than a minute", "1 min", "1 h", "1 h 1 min", "23 h 59 min", "1 day", "2 days",
    ]  # fmt: skip


def test_a_moment_names_its_zone_and_another_year() -> None:
    moment = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert when(moment, "Europe/Zurich", NOON) == "Friday 27 Nov 17:00 CET"
    assert when(moment, "America/Sao_Paulo", NOON) == "Friday 27 Nov 13:00 UTC-03"
    assert when(datetime(2027, 1, 4, 16, tzinfo=UTC), "Europe/Zurich", NOON) == "Monday 4 Jan 2027 17:00 CET"
    assert when(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Zurich", NOON) == "Friday 1 Jan 2027 00:30 CET"


def rendered(source: str, **context: object) -> str:
    return re.sub(r"\s+", " ", Template("{% load clocks %}" + source).render(Context(context)))


def test_the_ring_is_drawn_without_a_style_and_a_clock_that_ran_out_is_a_disc() -> None:
    clock = made("<b>Containment</b>", 60, Unit.MINUTES)
    ring = rendered("{% clock shown now %}", shown=clock, now=NOON + 41 * MINUTE)
    assert 'class="clock" data-tone="danger"' in ring and 'stroke-dasharray="31.7 68.3"' in ring
    assert "<b>19 min left</b><small>&lt;b&gt;Containment&lt;/b&gt;, 60 min</small>" in ring and "style=" not in ring
    disc = rendered("{% clock shown now True %}", shown=clock, now=NOON + 3 * HOUR)
    assert 'class="clock clock--lg"' in disc and "clock__over" in disc and "clock__left" not in disc


def test_the_panel_says_what_is_due_by_which_rule_and_whose_clock_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PORTS, "calendar_of", lambda record: Calendar("Europe/Zurich"))
    kept = ("QTA clause 8.3", "the Lyra site head")
    with change(by=world.nina, reason="Told"):
        ticket = Ticket.objects.create(cdmo=world.lyra, title="Pump stopped")
        start(ticket, Rule("root", "Investigation", 4, Unit.WORKING_DAYS, Side.CDMO, *kept), from_=NOON)
        for name, label, side in (
            ("told", "Notification", Side.CDMO),
            ("held", "Review", Side.SPONSOR),
            ("gone", "Disposition", Side.SPONSOR),
        ):
            start(ticket, Rule(name, label, 24, Unit.HOURS, side), from_=NOON)
        answer(ticket, "told", at=NOON + 56 * MINUTE)
        pause(ticket, "held", at=NOON + HOUR)
        resume(ticket, "held", at=NOON + 2 * HOUR)
        pause(ticket, "held", at=NOON + 3 * HOUR)
        stop(ticket, "gone", at=NOON + HOUR)
    with scope(world.paul):
        page = rendered("{% clock_panel clocks now %}", clocks=clocks_of(ticket, world.paul), now=NOON + DAY)
    assert re.findall(r"<b>(.*?)</b><small>(.*?)</small>.*?<p[^>]*>(.*?)</p>", page) == [
        (
            "3 days left", "investigation, 4 working days",
            "Due Friday 27 Nov 17:00 CET by QTA clause 8.3. CDMO’s clock. After that it goes to the Lyra site head.",
        ),
        (
            "Paused", "review, 24 h: 22 h left when it was paused",
            "Paused since Monday 23 Nov 16:00 CET, before that due Tuesday 24 Nov 14:00 CET by the default of"
            " Oversight. Sponsor’s clock. Paused once before.",
        ),
        (
            "Answered after 56 min of 24 h", "notification, 24 h",
            "Answered Monday 23 Nov 13:56 CET, due Tuesday 24 Nov 13:00 CET by the default of Oversight. CDMO’s clock.",
        ),
        (
            "Stopped", "disposition, 24 h",
            "Stopped Monday 23 Nov 14:00 CET, was due Tuesday 24 Nov 13:00 CET by the default of Oversight."
            " Sponsor’s clock.",
        ),
    ]  # fmt: skip
    assert page.count("clock--lg") == 1
    assert rendered("{% clock_panel clocks %}", clocks=()) == " "


def test_what_is_late_says_where_it_went(world: World) -> None:
    with change(by=world.nina, reason="Told"):
        ticket = Ticket.objects.create(cdmo=world.lyra, title="Pump stopped")
        rule = Rule("told", "Notification", 24, Unit.HOURS, Side.CDMO, "QTA clause 4", "the quality board")
        clock = start(ticket, rule, from_=NOON)
    clock.late_at = NOON + 25 * HOUR
    page = rendered("{% clock_panel clocks now %}", clocks=[clock], now=NOON + 26 * HOUR)
    assert "2 h over" in page and "CDMO’s clock. It went to the quality board." in page
