"""Who is told of what: whoever owes the next act and whoever took part; never who did it, never who may not see it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from oversight.kernel.access.grants import close_to
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.lateness import mark_late
from oversight.kernel.comments.saying import say
from oversight.kernel.notifications.announcing import announce
from oversight.kernel.notifications.audience import Audience
from oversight.kernel.outbox import publish
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from oversight.roles import Role
from quality.models import Deviation, ResponseTask
from quality.records import DEVIATION
from tests.cast import World, join, person, system
from tests.factories.deviation import report
from tests.quality.acting import CAUSE, act, change_it, contain

from .telling import deliver_all, rows, shown, told

CAST = ("nina", "omar", "vera", "adam", "connie", "paul", "vito", "olga")


def everybody(world: World) -> dict[str, list[tuple[str, str]]]:
    """What each of the cast was told, without those who were told nothing."""
    found = {name: told(getattr(world, name)) for name in (*CAST, "riva", "petra")}
    return {name: lines for name, lines in found.items() if lines}


def test_a_critical_event_is_told_to_the_quality_unit_and_not_to_who_reported_it(world: World) -> None:
    deviation = report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    number = deviation.number
    assert everybody(world) == {"nina": [("critical", number)], "connie": [("critical", number)]}
    (line,) = shown(world.nina)
    assert line.line.startswith('<b>Lyra Biologics AG</b> reported <a href="/acme/notices/')
    assert line.line.endswith(f'">{number}</a> as critical')


def test_what_the_sponsor_puts_on_file_is_told_to_the_cdmo_of_the_pair_alone(world: World) -> None:
    deviation = report(world.omar, world.lyra_site, world.lyra)
    deliver_all(world)
    number = deviation.number
    assert everybody(world) == {
        "nina": [("reported", number)], "connie": [("reported", number)], "paul": [("reported", number)],
    }  # fmt: skip
    assert [item.notice.who for item in shown(world.nina) + shown(world.paul)] == ["Omar Haddad", "Acme Therapeutics"]


def test_the_life_of_a_root_cause_goes_back_and_forth(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    deliver_all(world)
    number = deviation.number
    act(deviation, "accept-report", by=world.nina)
    act(deviation, "submit-root-cause", by=world.paul, **CAUSE)
    deliver_all(world)
    assert told(world.paul) == [("accepted-report", number)]
    assert told(world.nina) == [("answered", number), ("reported", number)]
    act(deviation, "return-root-cause", by=world.nina, reason="Why was the load not calculated?")
    deliver_all(world)
    assert told(world.paul)[0] == ("returned", number)
    act(deviation, "submit-root-cause", by=world.paul, **CAUSE)
    contain(deviation, by=world.paul)
    act(deviation, "accept-root-cause", by=world.nina, reason="Complete now")
    deliver_all(world)
    assert told(world.connie)[0] == ("to-close", number), "a second person closes"
    assert told(world.paul)[0] == ("accepted", number)
    assert [what for what, _ in told(world.nina)] == ["answered", "answered", "reported"], "not what she did herself"
    act(deviation, "void", by=world.nina, reason="Reported twice")
    deliver_all(world)
    assert told(world.paul)[0] == ("voided", number)
    assert everybody(world).keys() == {"nina", "connie", "paul"}


def test_an_event_that_becomes_critical_is_told_once(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    deliver_all(world)
    change_it(deviation, by=world.nina, severity="CRITICAL")
    change_it(deviation, by=world.nina, title="Pressure excursion on column C2")
    deliver_all(world)
    assert [what for what, _ in told(world.connie)] == ["critical-now", "reported"]


def test_only_tasks_that_a_person_added_are_told(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    deliver_all(world)
    before = {name: len(lines) for name, lines in everybody(world).items()}
    assert before == {"nina": 1, "connie": 1}, "the planned tasks came with the report"
    from oversight.kernel.records.writes import create
    from quality.records import RESPONSE_TASK

    with scope(world.nina):
        values = {"deviation": deviation, "title": "Send the chromatogram", "side": "CDMO"}
        task = create(RESPONSE_TASK, by=world.nina, values=values)
    deliver_all(world)
    assert told(world.paul) == [("task", task.number)]
    assert "omar" not in everybody(world)


def test_a_comment_is_told_to_whom_it_calls_and_to_those_who_take_part(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    deliver_all(world)
    with scope(world.nina):
        say(
            deviation,
            text="@Omar Haddad does this touch the campaign?",
            by=world.nina,
            shared=False,
            view="deviation.view",
        )
    deliver_all(world)
    number = deviation.number
    assert told(world.omar) == [("mentioned", number)]
    assert told(world.paul) == [], "internal comments never reach the partner, who reported it"
    with scope(world.omar):
        say(deviation, text="Paul, when is the column free?", by=world.omar, shared=True, view="deviation.view")
    deliver_all(world)
    assert told(world.paul) == [("said", number)]
    assert told(world.nina)[0] == ("said", number), "she took part"
    assert shown(world.paul)[0].notice.who == "Omar Haddad", "a shared comment names its author to both"
    with scope(world.paul):
        say(deviation, text="On Friday.", by=world.paul, shared=True, view="deviation.view")
    deliver_all(world)
    assert told(world.omar)[0] == told(world.nina)[0] == ("said", number)
    assert told(world.connie) == [("reported", number)], "she has not taken part"


def test_the_first_shared_comment_reaches_the_other_side(world: World) -> None:
    deviation = report(world.omar, world.orion_site, world.orion)
    deliver_all(world)
    with scope(world.olga):
        say(deviation, text="We look into it.", by=world.olga, shared=True, view="deviation.view")
    deliver_all(world)
    assert told(world.omar) == [("said", deviation.number)]
    assert told(world.nina) == [("reported", deviation.number)], "Omar of her side takes part"


@pytest.mark.requirement("A11D-alarms")
def test_what_ran_out_goes_to_who_owes_it_and_to_the_qa_director(world: World) -> None:
    now = timezone.now()
    deviation = report(
        world.olga, world.orion_site, occurred_at=now - timedelta(hours=3), aware_at=now - timedelta(hours=2),
        notified_at=now - timedelta(hours=2),
    )  # fmt: skip
    deliver_all(world)
    mark_late(by=system(world.acme), at=now)
    deliver_all(world)
    assert told(world.nina)[0] == told(world.olga)[0] == ("late-at-once", deviation.number)
    assert [item.line.split(" of ")[0] for item in shown(world.olga)] == ["Containment"]
    assert "connie" not in everybody(world), "Orion's records are out of her sight"
    assert told(world.paul) == []


def test_what_was_done_before_anybody_could_be_told_is_not_late(world: World) -> None:
    now = timezone.now()
    hours = {name: now - timedelta(hours=2) for name in ("occurred_at", "aware_at", "notified_at")}
    deviation = report(world.paul, world.lyra_site, **hours)
    mark_late(by=system(world.acme), at=now)
    contain(deviation, by=world.paul)
    deliver_all(world)
    assert told(world.nina) == [("reported", deviation.number)]


def test_a_reminder_reaches_the_cdmo(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    with change(by=world.nina, reason="Reminder"):
        publish("work.reminded", record=deviation, by=world.nina)
    deliver_all(world)
    assert told(world.paul) == [("reminded", deviation.number)]
    assert told(world.vito) == [], "he reads, and does nothing"


def test_a_redelivered_event_makes_no_second_notice(world: World) -> None:
    report(world.paul, world.lyra_site)
    deliver_all(world)
    acme = system(world.acme)
    with scope(acme):
        event = Event.objects.get(name="deviation.opened")
        announce(event, acme)
        announce(event, acme)
    assert len(rows(world.nina)) == 1


def test_nobody_whose_membership_ended_or_who_left_is_told(world: World) -> None:
    with change(by=system(world.acme), reason="Left"):
        Membership.objects.filter(pk=world.nina.membership).update(valid_until="2026-01-31")
        person_of = Membership.objects.get(pk=world.connie.membership).user
        person_of.is_active = False
        person_of.save()
        late_comer = join(
            world.acme, person("Lara Quist"), Role.QA_REVIEWER, "Acme Therapeutics", valid_from="2099-01-01"
        )
        inspector = join(world.acme, person("Ines Roth"), Role.INSPECTOR, "Authority")
    deviation = report(world.paul, world.lyra_site, severity="CRITICAL")
    with scope(world.omar):
        say(deviation, text="Noted", by=world.omar, shared=False, view="deviation.view")
    deliver_all(world)
    for gone in (world.nina, world.connie, late_comer, inspector):
        assert rows(gone) == []


def test_who_is_narrowed_afterwards_sees_no_notice_of_what_is_out_of_sight(world: World) -> None:
    deviation = report(world.paul, world.lyra_site, severity="CRITICAL")
    deliver_all(world)
    assert told(world.connie) == [("critical", deviation.number)]
    with change(by=system(world.acme), reason="Contract ended"):
        close_to(Membership.objects.get(pk=world.connie.membership), world.lyra)
    connie = replace(world.connie, grants=())
    assert told(connie) == []


@pytest.mark.parametrize("site", ["lyra", "orion"])
def test_the_audience_is_whoever_could_open_the_record(world: World, site: str) -> None:
    """The set-based answer equals what each of the cast would see through both walls."""
    reporter = world.paul if site == "lyra" else world.olga
    deviation = report(reporter, getattr(world, f"{site}_site"))
    acme = system(world.acme)
    with scope(acme):
        audience = Audience(Deviation.objects.get(pk=deviation.pk), acme, kind=DEVIATION).members.keys()
    for name in CAST:
        actor: Actor = getattr(world, name)
        with scope(actor):
            sees = Deviation.objects.visible_to(actor).filter(pk=deviation.pk).exists()
        assert (actor.membership in audience) is sees, name


def test_the_other_sponsor_hears_nothing(world: World) -> None:
    report(world.riva, world.foreign_site, world.foreign, severity="CRITICAL")
    deliver_all(world)
    assert everybody(world).keys() == {"petra"}
    assert not any(rows(getattr(world, name)) for name in CAST)


def test_a_task_of_another_person_is_late_for_its_owner(world: World) -> None:
    deviation = report(world.paul, world.lyra_site)
    deliver_all(world)
    with scope(world.omar):
        task = ResponseTask.objects.get(deviation=deviation, side="SPONSOR")
    act(task, "take", by=world.omar)
    mark_late(by=system(world.acme), at=timezone.now() + timedelta(days=60))
    deliver_all(world)
    assert ("late", task.number) in told(world.omar)
    assert ("late", task.number) in told(world.nina), "it escalates to her"
    assert ("late", task.number) not in told(world.connie)
