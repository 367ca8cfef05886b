"""A deviation's whole life: Paul of Lyra reports it, Connie reviews, Nina closes."""

from datetime import UTC, datetime, timedelta

from oversight.kernel.access.scope import scope
from oversight.kernel.esign import signatures_of
from oversight.kernel.outbox.models import Event
from quality.models import ResponseTask
from tests.cast import World
from tests.factories.deviation import AWARE, report

from .acting import CAUSE, TICKS, Watch, act, clocks, names, now, sign_off, tasks, unmet, versions


def test_from_report_to_signature(world: World, watch: Watch) -> None:
    watch.say(14, 14, 2)
    event = report(world.paul, world.lyra_site, partner_number="LB-1187")
    assert (event.number, event.status, event.cdmo_id) == ("DEV-26-0001", "REPORTED", world.lyra.pk)
    assert event.latency == timedelta(minutes=56)
    assert (event.reported_by_cdmo, event.opened_by) == (True, world.paul.user)
    assert tasks(event, world.nina) == [
        ("Halt further processing", "CDMO", "OPEN"),
        ("Assess notification of health authorities", "SPONSOR", "OPEN"),
    ]
    assert clocks(event, world.nina) == {
        "notice-major": ("CDMO", "ANSWERED", AWARE + timedelta(hours=48)),
        "containment": ("CDMO", "RUNNING", AWARE + timedelta(minutes=60)),
        "investigation": ("CDMO", "RUNNING", datetime(2026, 2, 13, 16, 0, tzinfo=UTC)),
        "report-acceptance": ("SPONSOR", "RUNNING", datetime(2026, 1, 15, 16, 0, tzinfo=UTC)),
    }
    assert now(event, world.nina).due_label == "Containment"

    watch.say(14, 14, 10)
    for minute, tick, field in zip((4, 13, 27, 41, 58), TICKS, event.CONTAINMENT, strict=True):
        act(event, tick, by=world.paul, **{field: AWARE + timedelta(minutes=minute)})
    assert now(event, world.nina).contained_at == AWARE + timedelta(minutes=58)
    assert clocks(event, world.nina)["containment"][1] == "ANSWERED"

    watch.say(15, 9)
    act(event, "accept-report", by=world.connie)
    assert clocks(event, world.nina)["report-acceptance"][1] == "ANSWERED"
    watch.say(20, 10)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    assert clocks(event, world.nina)["root-cause-review"] == (
        "SPONSOR", "RUNNING", datetime(2026, 1, 27, 16, 0, tzinfo=UTC),
    )  # fmt: skip
    watch.say(21, 10)
    act(event, "return-root-cause", by=world.connie, reason="What changed in the feed?")
    returned = now(event, world.nina)
    assert (returned.status, returned.returned_count, returned.answered_by) == ("INVESTIGATION", 1, 0)
    assert clocks(event, world.nina)["root-cause-correction"][:2] == ("CDMO", "RUNNING")
    watch.say(22, 10)
    act(event, "submit-root-cause", by=world.paul, **CAUSE | {"why_3": "Why?", "because_3": "The volume was 9% high."})
    assert clocks(event, world.nina)["root-cause-correction"][1] == "ANSWERED"
    watch.say(23, 10)
    act(event, "accept-root-cause", by=world.connie, reason="The chain holds")

    assert unmet(event, "close", world.connie) == (
        "You accepted the root cause: somebody else has to close it.",
        "2 response tasks are open: finish them, or have them declared not needed.",
    )
    with scope(world.nina):
        halt, assess = ResponseTask.objects.filter(deviation=event).order_by("id")
    act(halt, "finish", by=world.paul, note="Skid stopped at 14:16, tagged out.")
    assert unmet(event, "close", world.nina) == (
        "One response task is open: finish it, or have it declared not needed.",
    )
    act(assess, "finish", by=world.omar, note="Not notifiable: no distributed lot is touched.")
    assert unmet(event, "close", world.nina) == ()
    watch.say(26, 10)
    sign_off(event, by=world.nina)
    closed = now(event, world.nina)
    assert (closed.status, closed.closed_at, closed.open_tasks) == ("CLOSED", watch.at, 0)
    assert (closed.due_at, closed.due_label) == (None, "")
    assert {state for _, state, _ in clocks(event, world.nina).values()} == {"ANSWERED"}
    assert names(event, world.nina) == []
    with scope(world.nina):
        (signature,) = signatures_of(closed, world.nina)
        assert (signature.who, signature.state.name) == ("Nina Berg", "VALID")
        assert signature.meaning == (
            "I have reviewed this deviation, its containment and its root cause, and approve its closure."
        )
        said = list(Event.objects.visible_to(world.nina).filter(record_id=event.pk, kind="quality_deviation")
                    .order_by("id").values_list("name", flat=True))  # fmt: skip
    assert said == [
        "deviation.opened",
        *(f"deviation.{tick.replace('-', '_')}" for tick in TICKS),
        "deviation.accept_report",
        "deviation.submit_root_cause",
        "deviation.return_root_cause",
        "deviation.submit_root_cause",
        "deviation.accept_root_cause",
        "deviation.close",
    ]
    assert versions(event, world.nina) == 12


def test_the_sponsor_reports_what_the_cdmo_did_not(world: World, watch: Watch) -> None:
    event = report(world.omar, world.lyra_site, world.lyra, notified_at=None)
    assert (event.reported_by_cdmo, event.notified_at, event.latency) == (False, None, None)
    assert clocks(event, world.nina)["notice-major"][1] == "RUNNING"


def test_without_a_time_the_report_itself_is_the_notification(world: World, watch: Watch) -> None:
    watch.say(14, 15, 30)
    event = report(world.paul, world.lyra_site, notified_at=None)
    assert event.notified_at == watch.at
    assert event.latency == timedelta(hours=2, minutes=24)


def test_a_void_report_takes_its_clocks_and_tasks_with_it(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    act(event, "void", by=world.nina, reason="Reported twice")
    assert now(event, world.nina).status == "VOID"
    assert {state for _, state, _ in clocks(event, world.nina).values()} == {"ANSWERED", "STOPPED"}
    assert [state for _, _, state in tasks(event, world.nina)] == ["NOT_NEEDED", "NOT_NEEDED"]
    assert (now(event, world.nina).open_tasks, now(event, world.nina).due_at) == (0, None)
    with scope(world.nina):
        reasons = ResponseTask.history.filter(deviation_id=event.pk, status="NOT_NEEDED")
        assert set(reasons.values_list("history_change_reason", flat=True)) == {"Reported twice"}
