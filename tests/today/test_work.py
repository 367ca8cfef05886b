"""What waits for whom: by clock, by role, by owner; the same in the list and in the counts."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.rules import Side
from oversight.web.today.counts import frame_counts
from oversight.web.today.queue import Whose
from oversight.web.today.work import Work, group_of, work
from tests.cast import World
from tests.factories.deviation import report
from tests.factories.response_task import add_task
from tests.quality.acting import CAUSE, Watch, act, contain, sign_off

MINE, TEAM, EVERYONE = Whose.MINE, Whose.TEAM, Whose.EVERYONE


def waiting(actor: Actor, whose: Whose = MINE, side: Side = Side.SPONSOR, limit: int = 100) -> tuple[Work, ...]:
    with scope(actor):
        return work(actor, side=side, whose=whose, now=timezone.now(), limit=limit)


def said(actor: Actor, whose: Whose = MINE, side: Side = Side.SPONSOR) -> list[tuple[str, str, str]]:
    """Title, button and clock of each row."""
    rows = waiting(actor, whose, side)
    return [(row.title, row.act.label if row.act else "", row.face.words) for row in rows]


NO_OTHERS = {"batches": 0, "warnings": 0, "alerts": 0}  # counted, too


def counted(actor: Actor) -> tuple[int, bool, dict[str, int]]:
    with scope(actor):
        counts = frame_counts(actor, now=timezone.now())
    return counts.waiting.number, counts.urgent, {slug: each.number for slug, each in counts.open.items()}


def test_a_report_asks_the_quality_unit_for_three_things(world: World, reported) -> None:
    assert said(world.nina) == [
        ("Pressure excursion on the capture column", "Confirm containment", "4 min over"),
        ("Pressure excursion on the capture column", "Accept report", "1 day left"),
        ("Assess notification of health authorities", "Mark as done", "5 days left"),
    ]
    assert counted(world.nina) == (3, True, {"deviations": 1, "response-tasks": 2, **NO_OTHERS})
    first = waiting(world.nina)[0]
    assert (first.number, first.group, first.mine, first.owner) == ("DEV-26-0001", "Late", True, "")
    assert first.about == ("Lyra Biologics", "Lyra Basel")
    assert [(badge.tone, badge.words) for badge in first.badges] == [("warn", "Major")]
    assert first.rule == "the default of Oversight"
    assert first.act and first.act.href == f"/acme/deviations/{reported.pk}/#containment"


def test_who_may_decide_nothing_is_shown_what_the_others_decide(world: World, reported) -> None:
    # Omar, of development, may do tasks; Vera may look.
    assert said(world.omar) == [("Assess notification of health authorities", "Mark as done", "5 days left")]
    assert counted(world.omar) == (1, False, {"deviations": 1, "response-tasks": 2, **NO_OTHERS})
    assert said(world.vera) == []
    assert said(world.vera, TEAM) == []
    assert said(world.vera, EVERYONE) == [
        ("Pressure excursion on the capture column", "", "4 min over"),
        ("Pressure excursion on the capture column", "", "1 day left"),
        ("Assess notification of health authorities", "", "5 days left"),
    ]
    assert counted(world.adam) == (0, False, {"deviations": 1, "response-tasks": 2, **NO_OTHERS})


def test_what_somebody_took_on_is_their_own(world: World, reported) -> None:
    task = next(row.record for row in waiting(world.omar))
    act(task, "take", by=world.omar)
    assert said(world.omar) == [("Assess notification of health authorities", "Mark as done", "5 days left")]
    assert [row.title for row in waiting(world.nina)] == ["Pressure excursion on the capture column"] * 2
    assert counted(world.nina)[0] == 2
    # Omar is of another department than Nina.
    assert {row.title for row in waiting(world.nina, TEAM)} == {"Pressure excursion on the capture column"}
    anybodys = waiting(world.nina, EVERYONE)[-1]
    assert (anybodys.title, anybodys.owner, anybodys.mine) == (
        "Assess notification of health authorities",
        "Omar Haddad",
        False,
    )
    # To the partner it is the sponsor's, without a name.
    theirs = [row for row in waiting(world.paul, EVERYONE, Side.SPONSOR) if row.title == anybodys.title]
    assert [(row.owner, row.act, row.about) for row in theirs] == [
        ("", None, ("DEV-26-0001", "Pressure excursion on the capture column"))
    ]


def test_a_second_person_has_the_decision(world: World, watch: Watch, reported) -> None:
    contain(reported, by=world.paul)
    act(reported, "accept-report", by=world.nina)
    act(reported, "submit-root-cause", by=world.nina, **CAUSE)
    assert "Review root cause" not in [label for _, label, _ in said(world.nina)]
    review = next(row for row in waiting(world.nina, TEAM) if row.clock.name == "root-cause-review")
    assert review.unmet == ("You sent the root cause: somebody else has to accept it.",)
    assert "Review root cause" in [label for _, label, _ in said(world.connie)]
    act(reported, "accept-root-cause", by=world.connie, reason="It holds")
    closure = next(row for row in waiting(world.connie, TEAM) if row.clock.name == "closure")
    assert closure.unmet == (
        "You accepted the root cause: somebody else has to close it.",
        "2 response tasks are open: finish them, or have them declared not needed.",
    )
    assert counted(world.connie)[0] == len(waiting(world.connie)) == 1  # the task


def test_every_button_of_the_list_can_be_pressed_and_is_counted(world: World, watch: Watch) -> None:
    """The conditions that the database is told say what the guards say, at every step of a life."""
    event = report(world.paul, world.lyra_site)
    people = (world.nina, world.omar, world.connie, world.vera, world.adam)

    def hold_together() -> None:
        for actor in people:
            mine, everything = waiting(actor), waiting(actor, EVERYONE)
            assert all(row.act and row.mine for row in mine), actor.name
            assert [row.clock.pk for row in mine] == [row.clock.pk for row in everything if row.mine], actor.name
            assert counted(actor)[0] == len(mine), actor.name
            team = {row.clock.pk for row in waiting(actor, TEAM)}
            assert team <= {row.clock.pk for row in everything}
            if actor in (world.nina, world.omar, world.connie):
                assert {row.clock.pk for row in mine} <= team

    hold_together()
    contain(event, by=world.paul)
    hold_together()
    act(event, "accept-report", by=world.connie)
    hold_together()
    act(event, "submit-root-cause", by=world.nina, **CAUSE)
    hold_together()
    act(event, "accept-root-cause", by=world.connie, reason="It holds")
    hold_together()
    for row in waiting(world.nina, EVERYONE):
        if row.clock.name != "closure":
            act(row.record, "finish", by=world.nina, note="Assessed: none.")
            hold_together()
    task = waiting(world.paul, EVERYONE, Side.CDMO)[0].record
    act(task, "finish", by=world.paul, note="Halted.")
    hold_together()
    # Nina answered and Connie accepted: nobody of these two closes.
    assert said(world.nina) == said(world.connie) == []
    assert [row.act for row in waiting(world.nina, EVERYONE)] == [None]


def test_what_is_over_asks_nobody(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    contain(event, by=world.paul)
    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    act(event, "accept-root-cause", by=world.connie, reason="It holds")
    for row in waiting(world.nina):
        if row.clock.name != "closure":
            act(row.record, "finish", by=world.nina, note="Assessed: none.")
    act(waiting(world.paul, EVERYONE, Side.CDMO)[0].record, "finish", by=world.paul, note="Halted.")
    assert said(world.nina) == [("Pressure excursion on the capture column", "Close and sign", "14 days left")]
    sign_off(event, by=world.nina)
    assert said(world.nina, EVERYONE) == []
    assert counted(world.nina) == (0, False, {"deviations": 0, "response-tasks": 0, **NO_OTHERS})


def test_a_partner_has_the_work_of_its_site(world: World, reported) -> None:
    report(world.olga, world.orion_site, title="Orion's canary")
    report(world.riva, world.foreign_site, world.foreign, title="Rival's canary")
    assert said(world.paul, MINE, Side.CDMO) == [
        ("Pressure excursion on the capture column", "Confirm containment", "4 min over"),
        ("Halt further processing", "Mark as done", "3 h 52 min left"),
    ]
    # The investigation runs, though nobody can answer before the report is accepted.
    assert said(world.paul, EVERYONE, Side.CDMO)[-1] == ("Pressure excursion on the capture column", "", "30 days left")
    of_partner = {name: count for name, count in NO_OTHERS.items() if name != "warnings"}
    assert counted(world.paul) == (3, True, {"deviations": 1, "response-tasks": 2, **of_partner})
    contain_link = waiting(world.paul, MINE, Side.CDMO)[0].act
    assert contain_link and contain_link.href == f"/portal/acme/deviations/{reported.pk}/#containment"
    assert [row.about for row in waiting(world.paul, MINE, Side.CDMO)] == [
        ("Lyra Basel",),
        ("DEV-26-0001", "Pressure excursion on the capture column"),
    ]
    assert said(world.vito, MINE, Side.CDMO) == []


def test_nobody_sees_another_s_work(world: World, reported) -> None:
    report(world.olga, world.orion_site, title="Orion's canary")
    report(world.riva, world.foreign_site, world.foreign, title="Rival's canary")
    for side in Side:
        for whose in Whose:
            told = {actor: waiting(actor, whose, side) for actor in (world.connie, world.paul, world.nina)}
            seen = {
                actor.name: {str(getattr(row.record, "deviation", row.record)) for row in rows}
                for actor, rows in told.items()
            }
            lyras = {"Pressure excursion on the capture column"}
            assert seen["Connie Marsh"] <= lyras and seen["Paul Keller"] <= lyras
            assert seen["Nina Berg"] <= {*lyras, "Orion's canary"}
    assert counted(world.connie) == (3, True, {"deviations": 1, "response-tasks": 2, **NO_OTHERS})
    assert counted(world.nina) == (6, True, {"deviations": 2, "response-tasks": 4, **NO_OTHERS})
    assert counted(world.riva) == (3, True, {"deviations": 1, "response-tasks": 2, **NO_OTHERS})


def test_a_narrowed_member_without_grants_has_nothing(world: World, reported) -> None:
    from dataclasses import replace

    nobody = replace(world.connie, grants=())
    assert waiting(nobody, EVERYONE) == ()
    assert counted(nobody) == (0, False, {})


@pytest.mark.parametrize("events", [1, 12])
def test_however_much_waits_it_takes_three_statements(world: World, events: int) -> None:
    for _ in range(events):
        report(world.paul, world.lyra_site)
    with scope(world.nina):
        with CaptureQueriesContext(connection) as asked:
            rows = work(world.nina, side=Side.SPONSOR, whose=EVERYONE, now=timezone.now())
        assert (len(asked), len(rows)) == (3, 3 * events)
        with CaptureQueriesContext(connection) as asked:
            frame_counts(world.nina, now=timezone.now())
        assert len(asked) == 1


def test_the_nearest_come_first_and_no_more_than_asked_for(world: World, watch: Watch) -> None:
    for day in (10, 12, 11):
        event = report(world.paul, world.lyra_site, aware_at=datetime(2026, 1, day, 14, tzinfo=UTC),
                       occurred_at=datetime(2026, 1, day, 13, tzinfo=UTC))  # fmt: skip
        add_task(world.nina, event, f"Compare the batches of {day} January")
    assert [row.clock.started_at.day for row in waiting(world.nina, limit=2)] == [10, 11]


def test_days_and_weeks_are_those_of_the_person() -> None:
    friday = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # in Zurich 23:30, in Auckland Saturday noon

    def group(*due: int) -> str:
        return group_of(datetime(2026, *due, tzinfo=UTC), friday, "Europe/Zurich")

    assert [group(11, 27, 22, 29), group(11, 27, 22, 59), group(11, 27, 23, 0), group(11, 29, 22, 59)] == [
        "Late",
        "Today",
        "This week",
        "This week",
    ]
    assert [group(11, 29, 23, 0), group(12, 6, 22, 59), group(12, 6, 23, 0)] == ["Next week", "Next week", "Later"]
    assert group_of(datetime(2026, 11, 27, 23, tzinfo=UTC), friday, "Pacific/Auckland") == "Today"
