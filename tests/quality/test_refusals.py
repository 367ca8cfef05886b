"""What a deviation refuses, in which words; nothing is changed by any of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cdmos.models import Site
from cdmos.records import CDMO, CONTACT, SITE
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.esign import NotProven
from oversight.kernel.records.writes import create, move
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import NotAllowed, Refused
from quality.models import Deviation
from quality.records import DEVIATION
from tests.cast import PASSWORD, World
from tests.factories.deviation import AWARE, report
from tests.factories.response_task import add_task

from .acting import CAUSE, Watch, act, change_it, contain, now, sign_off, unmet, versions


def problems(refusal: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return refusal.value.message_dict


@pytest.mark.requirement("A11-6", "A11D-data-check")
@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"aware_at": AWARE - timedelta(hours=1)}, "aware_at", "Nobody can become aware of it before it occurred."),
        (
            {"notified_at": AWARE - timedelta(minutes=1)},
            "notified_at",
            "The sponsor cannot be notified before somebody became aware of it.",
        ),
        (
            {"notified_at": AWARE + timedelta(days=1)},
            "notified_at",
            "This lies in the future. Enter when it happened.",
        ),
        ({"title": ""}, "title", "This field cannot be blank."),
        ({"severity": "HUGE"}, "severity", "Value 'HUGE' is not a valid choice."),
    ],
)
def test_a_report_that_does_not_fit_is_refused_beside_its_field(
    world: World, watch: Watch, told: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        report(world.paul, world.lyra_site, **told)
    assert problems(refusal) == {field: [sentence]}
    with scope(world.nina):
        assert Deviation.objects.count() == 0


def test_the_site_is_one_of_the_cdmos(world: World, watch: Watch) -> None:
    with pytest.raises(ValidationError) as refusal:
        report(world.nina, world.orion_site, world.lyra)
    assert problems(refusal) == {"site": ["This is not a site of the CDMO. Choose one of its sites."]}
    with pytest.raises(ValidationError) as refusal:
        report(world.paul, world.orion_site)
    assert problems(refusal)["site"][-1] == "There is no such record."


def test_a_number_of_the_partner_stands_once(world: World, watch: Watch) -> None:
    report(world.paul, world.lyra_site, partner_number="LB-1187")
    report(world.olga, world.orion_site, partner_number="LB-1187")
    with pytest.raises(ValidationError) as refusal:
        report(world.nina, world.lyra_site, world.lyra, partner_number="LB-1187")
    assert refusal.value.messages == ["This number stands on another deviation already: open that one."]


@pytest.mark.requirement("P11-10g")
@pytest.mark.parametrize("who", ["vera", "adam"])
def test_who_only_looks_reports_nothing(world: World, watch: Watch, who: str) -> None:
    with pytest.raises(NotAllowed):
        report(getattr(world, who), world.lyra_site, world.lyra)


def test_the_partner_amends_its_report_until_it_is_accepted(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    change_it(event, by=world.paul, severity="CRITICAL")
    assert now(event, world.paul).severity == "CRITICAL"
    act(event, "accept-report", by=world.nina)
    with pytest.raises(ValidationError) as refusal:
        change_it(event, by=world.paul, severity="MINOR")
    assert problems(refusal) == {"severity": ["You cannot set this."]}
    change_it(event, by=world.paul, why_1="Why did it happen?")
    change_it(event, by=world.nina, severity="MAJOR", reason="No product contact")
    act(event, "void", by=world.nina, reason="Reported twice")
    with pytest.raises(Refused, match="A record that is Void is not amended any more"):
        change_it(event, by=world.nina, severity="MINOR")


def test_the_partner_does_not_amend_the_sponsors_report(world: World, watch: Watch) -> None:
    event = report(world.nina, world.lyra_site, world.lyra)
    with pytest.raises(Refused, match="The sponsor made this report: ask the sponsor to amend it"):
        change_it(event, by=world.paul, title="It was nothing")
    assert versions(event, world.nina) == 1


def test_people_are_never_the_only_cause(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    act(event, "accept-report", by=world.nina)
    with pytest.raises(ValidationError) as refusal:
        act(event, "submit-root-cause", by=world.paul, **CAUSE | {"root_cause_category": "MAN"})
    assert problems(refusal) == {
        "second_cause": ["People alone are no root cause: name a second cause, or say why there is none."]
    }
    act(event, "submit-root-cause", by=world.paul, **CAUSE | {"root_cause_category": "MAN", "second_cause": "No step"})
    assert now(event, world.nina).status == "ANSWERED"


def test_a_root_cause_without_its_why_is_refused_field_by_field(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    act(event, "accept-report", by=world.nina)
    with pytest.raises(ValidationError) as refusal:
        act(event, "submit-root-cause", by=world.paul, root_cause="The pump")
    assert problems(refusal) == {
        "why_1": ["Fill this in."], "because_1": ["Fill this in."], "root_cause_category": ["Fill this in."],
    }  # fmt: skip
    assert now(event, world.nina).status == "INVESTIGATION"


def accepted(world: World, by: Actor) -> Deviation:
    """A deviation whose root cause `by` accepted, with nothing open but what the test is about."""
    event = report(world.paul, world.lyra_site)
    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.paul, **CAUSE)
    act(event, "accept-root-cause", by=by, reason="The chain holds")
    with scope(world.nina):
        found = list(event.tasks.order_by("id"))
    for task in found:
        act(task, "not-needed", by=world.nina, reason="Covered elsewhere")
    return event


@pytest.mark.requirement("A11-6", "ASVS-4.3.3")
def test_a_second_person_closes(world: World, watch: Watch) -> None:
    event = accepted(world, by=world.nina)
    contain(event, by=world.paul)
    assert unmet(event, "close", world.nina) == ("You accepted the root cause: somebody else has to close it.",)
    before = versions(event, world.nina)
    with pytest.raises(Refused, match="somebody else has to close it"):
        sign_off(event, by=world.nina)
    assert versions(event, world.nina) == before
    sign_off(event, by=world.connie)
    assert now(event, world.nina).status == "CLOSED"


@pytest.mark.requirement("A11D-iam-least")
def test_who_sent_the_root_cause_neither_accepts_nor_closes(world: World, watch: Watch) -> None:
    event = report(world.nina, world.lyra_site, world.lyra)
    act(event, "accept-report", by=world.nina)
    act(event, "submit-root-cause", by=world.nina, **CAUSE)
    assert unmet(event, "accept-root-cause", world.nina) == (
        "You sent the root cause: somebody else has to accept it.",
    )
    act(event, "accept-root-cause", by=world.connie, reason="The chain holds")
    assert unmet(event, "close", world.nina)[0] == "You sent the root cause: somebody else has to close it."


def test_who_closes_does_not_rewrite_what_was_accepted(world: World, watch: Watch) -> None:
    event = accepted(world, by=world.connie)
    contain(event, by=world.paul)
    with pytest.raises(ValidationError) as refusal:
        act(event, "close", by=world.nina, reason="Reviewed", password=PASSWORD, root_cause="Chance")
    assert problems(refusal) == {"root_cause": ["You cannot set this."]}
    assert (now(event, world.nina).status, now(event, world.nina).root_cause) == ("ACCEPTED", CAUSE["root_cause"])


def test_it_is_not_closed_before_it_is_contained(world: World, watch: Watch) -> None:
    event = accepted(world, by=world.connie)
    for tick in ("stop-production", "assemble-team", "document-findings"):
        act(event, tick, by=world.paul)
    sentence = (
        "The containment is not complete. Still to tick: SOPs, agreement and records pulled, stakeholders informed."
    )
    assert unmet(event, "close", world.nina) == (sentence,)


@pytest.mark.requirement("P11-200a1i", "ASVS-3.7.1")
def test_a_wrong_password_closes_nothing(world: World, watch: Watch) -> None:
    event = accepted(world, by=world.connie)
    contain(event, by=world.paul)
    before = versions(event, world.nina)
    with pytest.raises(NotProven, match=r"This is not your password\. Four tries are left"):
        act(event, "close", by=world.nina, reason="Reviewed", password="not " + PASSWORD)
    with pytest.raises(ValidationError) as refusal:
        act(event, "close", by=world.nina, reason="Reviewed")
    assert problems(refusal) == {"password": ["Sign with your password."]}
    assert (now(event, world.nina).status, versions(event, world.nina)) == ("ACCEPTED", before)


def test_olga_of_the_other_cdmo_finds_nothing(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    for by in (world.olga, world.riva, world.petra):
        with scope(by), pytest.raises(Deviation.DoesNotExist):
            Deviation.objects.visible_to(by).get(pk=event.pk)
        with pytest.raises(Deviation.DoesNotExist):
            act(event, "stop-production", by=by)
    assert versions(event, world.nina) == 1


def test_nobody_adds_a_task_to_what_is_over(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    act(event, "void", by=world.nina, reason="Reported twice")
    with pytest.raises(ValidationError) as refusal:
        add_task(world.nina, now(event, world.nina), "Look again")
    assert problems(refusal) == {"deviation": ["This deviation is void. Choose another one."]}


def test_a_void_site_is_chosen_no_more(world: World, watch: Watch) -> None:
    with scope(world.nina):
        move(SITE, world.lyra_site.pk, "void", by=world.nina, version=None, values={}, reason="Sold")
    with pytest.raises(ValidationError) as refusal, scope(world.nina):
        world.lyra_site.refresh_from_db()
        create(
            DEVIATION,
            by=world.nina,
            values={
                "title": "Late", "description": "Late", "cdmo": world.lyra, "site": world.lyra_site,
                "severity": "MINOR", "event_type": "RECORD_DISCREPANCY", "occurred_at": AWARE, "aware_at": AWARE,
            },
        )  # fmt: skip
    assert problems(refusal) == {"site": ["This site is void. Choose another one."]}


def test_a_report_is_not_moved_to_a_void_site(world: World, watch: Watch) -> None:
    event = report(world.paul, world.lyra_site)
    with change(by=world.nina):
        sold = Site.objects.create(
            cdmo=world.lyra, name="Lyra Brig", city="Brig", country="CH", time_zone="Europe/Zurich", status="VOID"
        )
    with pytest.raises(ValidationError) as refusal:
        change_it(event, by=world.paul, site=sold)
    assert problems(refusal) == {"site": ["This site is void. Choose another one."]}
    assert versions(event, world.nina) == 1


def test_a_void_cdmo_gets_no_new_site_or_contact(world: World) -> None:
    for kind, record in ((SITE, world.lyra_site), (CDMO, world.lyra)):
        with scope(world.nina):
            move(kind, record.pk, "void", by=world.nina, version=None, values={}, reason="Put on file twice")
    for kind, values in (
        (SITE, {"name": "Lyra Brig", "city": "Brig", "country": "CH", "time_zone": "Europe/Zurich"}),
        (CONTACT, {"name": "Ruth Imhof", "function": "Quality", "email": "ruth@lyra.example"}),
    ):
        with scope(world.nina):
            lyra = type(world.lyra).objects.get(pk=world.lyra.pk)
            with pytest.raises(ValidationError) as refusal:
                create(kind, by=world.nina, values=values | {"cdmo": lyra})
        assert problems(refusal) == {"cdmo": ["This CDMO is void. Choose another one."]}


def test_a_cmc_lead_neither_closes_nor_accepts(world: World, watch: Watch) -> None:
    event = accepted(world, by=world.nina)
    contain(event, by=world.paul)
    for move_name, proof in (("close", {"reason": "Reviewed", "password": PASSWORD}), ("void", {"reason": "Twice"})):
        with pytest.raises(NotAllowed):
            act(event, move_name, by=world.omar, **proof)
    assert now(event, world.nina).status != "CLOSED"
