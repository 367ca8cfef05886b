"""The response to each event type: whose task, by when, done by whom."""

from datetime import UTC, datetime

import pytest

from cdmos.models import Site
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from quality.models import ResponseTask
from tests.cast import World
from tests.factories.deviation import report
from tests.factories.response_task import add_task

from .acting import Watch, act, change_it, clocks, now, tasks, unmet

RESPONSES = {
    "IN_PROCESS_OOS": [("Review the CDMO's investigation", "SPONSOR"), ("Confirm the impact assessment", "SPONSOR")],
    "RELEASE_OOS": [
        ("Investigate jointly with the CDMO", "SPONSOR"),
        ("Decide the disposition", "SPONSOR"),
        ("Assess regulatory reporting", "SPONSOR"),
    ],
    "CRITICAL_PROCESS_DEVIATION": [
        ("Halt further processing", "CDMO"),
        ("Assess notification of health authorities", "SPONSOR"),
    ],
    "RECORD_DISCREPANCY": [("Correct the batch record", "CDMO"), ("Verify the correction", "SPONSOR")],
    "EQUIPMENT_DOWNTIME": [
        ("Assess the impact on the campaign timeline", "SPONSOR"),
        ("Plan for contingency", "SPONSOR"),
    ],
    "SUPPLIER_CHANGE": [
        ("Open a change control", "SPONSOR"),
        ("Assess comparability", "SPONSOR"),
        ("Review the regulatory impact", "SPONSOR"),
    ],
}


@pytest.mark.parametrize("event_type", RESPONSES)
def test_each_event_type_has_its_response(world: World, watch: Watch, event_type: str) -> None:
    event = report(world.paul, world.lyra_site, event_type=event_type)
    expected = [(title, side, "OPEN") for title, side in RESPONSES[event_type]]
    assert tasks(event, world.nina) == expected
    assert now(event, world.nina).open_tasks == len(expected)


def test_another_event_type_calls_for_another_response(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    first = _task(event, world, "halt-processing")
    act(first, "finish", by=world.paul, note="Stopped.")
    change_it(event, by=world.nina, event_type="RECORD_DISCREPANCY", reason="The trend shows no excursion")
    assert tasks(event, world.nina) == [
        ("Halt further processing", "CDMO", "DONE"),
        ("Assess notification of health authorities", "SPONSOR", "NOT_NEEDED"),
        ("Correct the batch record", "CDMO", "OPEN"),
        ("Verify the correction", "SPONSOR", "OPEN"),
    ]
    assert now(event, world.nina).open_tasks == 2
    change_it(event, by=world.nina, event_type="CRITICAL_PROCESS_DEVIATION", reason="It does, on the raw data")
    assert [row for row in tasks(event, world.nina) if row[2] == "OPEN"] == [
        ("Assess notification of health authorities", "SPONSOR", "OPEN")
    ]


def _task(event: object, world: World, rule: str) -> ResponseTask:
    with scope(world.nina):
        return ResponseTask.objects.get(deviation=event, rule=rule)


def test_each_side_does_its_own(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    halt, assess = _task(event, world, "halt-processing"), _task(event, world, "authority-notification")
    assert unmet(halt, "finish", world.nina) == ("The CDMO has to do this.",)
    assert unmet(assess, "finish", world.paul) == ("The sponsor has to do this.",)
    with pytest.raises(Refused, match="The sponsor has to do this"):
        act(assess, "finish", by=world.paul, note="Nothing to notify")
    with pytest.raises(NotAllowed):
        act(halt, "not-needed", by=world.paul, reason="It stood already")
    act(halt, "take", by=world.paul)
    assert unmet(halt, "take", world.paul) == ("It is yours already.",)
    assert (now(halt, world.nina).owner_name, now(halt, world.nina).taken_by) == ("Paul Keller", world.paul.user)
    act(halt, "not-needed", by=world.nina, reason="It stood already")
    assert clocks(halt, world.nina)["halt-processing"][1] == "STOPPED"
    assert now(event, world.nina).open_tasks == 1


def test_clocks_count_the_days_of_the_site(world: World, watch: Watch) -> None:
    watch.say(16, 9)  # a Friday
    event = report(world.paul, world.lyra_site)
    halt, assess = _task(event, world, "halt-processing"), _task(event, world, "authority-notification")
    assert clocks(halt, world.nina) == {
        "halt-processing": ("CDMO", "RUNNING", datetime(2026, 1, 16, 13, 0, tzinfo=UTC))
    }
    assert clocks(assess, world.nina) == {
        "authority-notification": ("SPONSOR", "RUNNING", datetime(2026, 1, 21, 16, 0, tzinfo=UTC))
    }


def test_a_task_that_somebody_adds_keeps_the_deviation_open(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    watch.say(14, 15)
    task = add_task(world.omar, event, "Compare the last three batches")
    assert (task.number, task.cdmo_id) == ("TSK-26-00003", world.lyra.pk)
    assert now(event, world.nina).open_tasks == 3
    assert clocks(task, world.nina) == {"added-task": ("SPONSOR", "RUNNING", datetime(2026, 1, 28, 16, 0, tzinfo=UTC))}
    act(task, "finish", by=world.omar, note="No trend.")
    assert (now(task, world.nina).owner_name, now(event, world.nina).open_tasks) == ("Omar Haddad", 2)
    with pytest.raises(NotAllowed):
        add_task(world.paul, event, "Ask the sponsor")


def test_corrected_times_move_the_clocks(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    earlier = datetime(2026, 1, 14, 12, 50, tzinfo=UTC)
    change_it(event, by=world.paul, aware_at=earlier, severity="CRITICAL", reason="The alarm log says 13:50")
    found = clocks(event, world.nina)
    assert found["containment"][2] == datetime(2026, 1, 14, 13, 50, tzinfo=UTC)
    assert found["notice-critical"] == ("CDMO", "ANSWERED", datetime(2026, 1, 15, 12, 50, tzinfo=UTC))


def test_what_was_declared_not_needed_does_not_come_back(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    act(_task(event, world, "authority-notification"), "not-needed", by=world.nina, reason="No patient is concerned")
    change_it(event, by=world.paul, title="Pressure excursion on column 2", reason="The column was named wrongly")
    assert tasks(event, world.nina) == [
        ("Halt further processing", "CDMO", "OPEN"),
        ("Assess notification of health authorities", "SPONSOR", "NOT_NEEDED"),
    ]
    assert now(event, world.nina).open_tasks == 1


def test_a_corrected_notification_moves_the_clock_of_acceptance(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    assert clocks(event, world.nina)["report-acceptance"][2] == datetime(2026, 1, 15, 16, 0, tzinfo=UTC)
    watch.say(16, 9)
    told = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
    change_it(event, by=world.paul, notified_at=told, reason="The mail was sent the day after")
    assert clocks(event, world.nina)["report-acceptance"] == (
        "SPONSOR", "RUNNING", datetime(2026, 1, 16, 16, 0, tzinfo=UTC),
    )  # fmt: skip
    act(event, "accept-report", by=world.nina)
    change_it(event, by=world.nina, notified_at=watch.at, reason="The mail was found in the spam of that day")
    assert clocks(event, world.nina)["report-acceptance"][1] == "ANSWERED"


def test_what_was_not_notified_after_all_is_due_again(world: World, watch: Watch) -> None:
    event = report(world.nina, world.lyra_site, world.lyra)
    assert clocks(event, world.nina)["notice-major"][1] == "ANSWERED"
    change_it(event, by=world.nina, notified_at=None, reason="It was another deviation's mail")
    assert clocks(event, world.nina)["notice-major"] == (
        "CDMO", "RUNNING", datetime(2026, 1, 16, 13, 6, tzinfo=UTC),
    )  # fmt: skip


def test_another_site_has_another_calendar(world: World, watch: Watch) -> None:
    watch.say(16, 9)  # a Friday
    event = report(world.paul, world.lyra_site)
    with change(by=world.nina):
        cairo = Site.objects.create(
            cdmo=world.lyra, name="Lyra Cairo", city="Cairo", country="EG", time_zone="Africa/Cairo",
            working_week="SUN_THU",
        )  # fmt: skip
    change_it(event, by=world.paul, site=cairo, reason="It was reported for the wrong site")
    assess = clocks(_task(event, world, "authority-notification"), world.nina)
    assert assess == {"authority-notification": ("SPONSOR", "RUNNING", datetime(2026, 1, 20, 15, 0, tzinfo=UTC))}
