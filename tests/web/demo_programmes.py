"""What the programmes of the loaded demo world have to show; asked by the test that loads it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Q

from batches.models import Batch, BatchHold, GenealogyEdge, Lot
from batches.services import holding
from batches.services.estimates import estimate
from batches.services.steps import follow
from cdmos.models import CDMO
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor, scope
from oversight.roles import Role
from oversight.web.demo.plans.catalogue import PROGRAMMES
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from techtransfer.models import Baseline, BaselineDate, Dependency, ImpactAlert, Milestone, Programme, Slot, Study
from tests.web.planned import Planned

RELEASED, REJECTED = Batch.Status.RELEASED, Batch.Status.REJECTED


def are_believable(tenants: dict[str, int]) -> None:
    """Asked of both sponsors, by their slugs."""
    with scope(_system(tenants["marrowfen"])) as system:
        _are_of_honest_size()
        _wait_in_every_way()
        _slip_for_reasons_that_add_up()
        _ask_the_network_for_whom_too_little_is_known(system)
        _are_made_of_what_was_released()
        _leave_some_news()
    with scope(_system(tenants["tarn-bio"])):
        assert {"TRN-07": Milestone.objects.count()} == _sizes("tarn-bio")
    for tenant in tenants.values():
        _can_be_moved_by_a_hold(tenant)


def _are_of_honest_size() -> None:
    sizes = Milestone.objects.values_list("programme__product__code").annotate(steps=Count("pk"))
    assert dict(sizes) == _sizes("marrowfen")
    assert Programme.objects.exclude(forecast_problem="").count() == 0
    assert Milestone.objects.filter(Q(forecast_end=None) | Q(owner_id=0)).count() == 0
    at = Milestone.objects.exclude(cdmo=None).values_list("cdmo__name", flat=True).distinct()
    assert set(at) == {
        "Corvane Biologics", "Noxbury Vectors", "Packmoor Logistics", "Peltraq Analytical", "Quillmere Pharma",
        "Sterivale",
    }  # fmt: skip
    states = Counter(Batch.objects.values_list("status", flat=True))
    assert {"PLANNED", "IN_PROCESS", "MADE", "UNDER_REVIEW", "RELEASED", "REJECTED"} == set(states)
    assert (states[RELEASED], states[REJECTED]) == (43, 4)
    assert Batch.objects.exclude(replaces=None).count() == 4
    numbers = Batch.objects.filter(number__startswith="DS-").order_by("pk").values_list("number", flat=True)
    assert len(set(numbers)) == len(numbers)


def _sizes(slug: str) -> dict[str, int]:
    """How many steps each programme has by its telling, on the day on which it was loaded."""
    loaded = Programme.objects.values_list("forecast_at", flat=True)[0]
    assert loaded is not None
    return {told.code: len(Planned(slug, told, loaded.date()).steps) for told in PROGRAMMES[slug]}


def _wait_in_every_way() -> None:
    assert set(Dependency.objects.values_list("link", flat=True)) == {"FS", "SS", "FF", "SF"}
    assert set(Dependency.objects.values_list("lag_unit", flat=True)) == {"ELAPSED", "WORKING"}
    assert Dependency.objects.filter(lag_days__lt=0).exists()
    assert set(Slot.objects.values_list("status", flat=True)) == {"OPEN", "BOOKED", "LOST"}
    approved = Baseline.objects.filter(status="APPROVED").order_by("programme_id")
    assert list(approved.values_list("title", flat=True)) == ["Baseline 3", "Baseline 1", "Baseline 1"]
    for baseline in approved:
        assert BaselineDate.objects.filter(baseline=baseline).count() == baseline.steps
        assert baseline.proposed_by != 0
    assert Baseline.objects.filter(status="REPLACED").count() == 1


def _slip_for_reasons_that_add_up() -> None:
    studies = list(Study.objects.filter(status="PLANNED"))
    assert len(studies) == 6
    for study in studies:
        assert sum(item["days"] for item in study.chain) == study.slip_days
        assert study.forecast_first_patient_in is not None
        agreed = study.baseline_first_patient_in
        assert agreed is not None
        assert (study.forecast_first_patient_in - agreed).days == study.slip_days
    late = Study.objects.get(code="MRF-101-202")
    assert late.slip_days is not None
    assert late.slip_days >= 14
    causes = {(item["kind"], item["id"]) for item in late.chain if item["days"] > 0}
    assert len(causes) >= 2
    assert "quality_deviation" in {kind for kind, _ in causes}


def _ask_the_network_for_whom_too_little_is_known(system: Actor) -> None:
    found = {cdmo.name: estimate(cdmo.pk, by=system) for cdmo in CDMO.objects.all()}
    quillmere = found.pop("Quillmere Pharma")
    assert quillmere.basis == "NETWORK"
    assert {each.basis for each in found.values()} == {"PARTNER"}
    assert all(each.cases >= 8 and 1 < each.days_p50 <= each.days_p80 for each in found.values())
    assert quillmere.cases == sum(each.cases for each in found.values()) + 3


def _are_made_of_what_was_released() -> None:
    for edge in GenealogyEdge.objects.select_related("source", "made_into"):
        assert edge.source.status == RELEASED, edge.source.number
        assert edge.source.decided_on is not None
        assert edge.made_into.started_on is not None
        assert edge.source.decided_on < edge.made_into.started_on
    for batch in Batch.objects.exclude(actual_yield=None):
        spent = sum(GenealogyEdge.objects.filter(source=batch).values_list("quantity", flat=True), Decimal(0))
        spent += sum(Lot.objects.filter(batch=batch).values_list("quantity", flat=True), Decimal(0))
        assert spent <= batch.actual_yield, batch.number
    for batch in Batch.objects.filter(status__in=[RELEASED, REJECTED]):
        assert batch.started_on <= batch.made_on <= batch.record_sent_on <= batch.decided_on
        assert batch.started_on < batch.expires_on
        assert not batch.on_hold
    assert Lot.objects.filter(status="SHIPPED").count() == 13
    stages = {
        (edge.source.stage, edge.made_into.stage)
        for edge in GenealogyEdge.objects.select_related("source", "made_into")
    }
    assert stages == {("DS", "DP"), ("DP", "PACKAGED")}
    signed = """
      SELECT b.number FROM batches_batch b
       WHERE b.status IN ('RELEASED', 'REJECTED') AND (SELECT count(*) FROM esign_signature s
             WHERE s.kind = 'batches_batch' AND s.record_id = b.id AND s.signer_id <> b.made_by) <> 1"""
    with connection.cursor() as cursor:
        cursor.execute(signed)
        assert cursor.fetchall() == []


def _leave_some_news() -> None:
    alerts = Counter(ImpactAlert.objects.values_list("status", flat=True))
    assert 2 <= alerts["OPEN"] <= 10, alerts  # seven on a Monday, nine on a Tuesday
    assert alerts["SEEN"] >= 20
    held = BatchHold.objects.filter(lifted_on=None).values_list("cause_kind", "batch__partner_number")
    assert set(held) == {
        ("quality_deviation", "CB-DS-0282"), ("quality_deviation", "CB-DS-0288"), ("quality_deviation", "NV-030"),
        ("batches_batch", "NV-029"),
    }  # fmt: skip


def _can_be_moved_by_a_hold(tenant: int) -> None:
    """One batch at least that is in process, that a study waits for, and whose partner has somebody to report."""
    with _undone(tenant) as system:
        assert Membership.objects.filter(tenant=tenant, role=Role.QA_DIRECTOR).exists()
        reporting = Membership.objects.filter(tenant=tenant, role=Role.CDMO_QA).values_list("cdmo_id", flat=True)
        rows = Batch.objects.filter(stage="DS", status="IN_PROCESS", on_hold=False, cdmo_id__in=list(reporting))
        found = list(rows.filter(make_step__is_critical=True))
        assert found, tenant
    for batch in found:
        with _undone(tenant) as system:
            studies = Study.objects.filter(programme_id=batch.programme_id)
            before = dict(studies.values_list("code", "forecast_first_patient_in"))
            cause = Cause.of(batch, "tried")
            assert holding.hold(batch, by=system, cause=cause, since=datetime.now(UTC).date()) is not None
            follow(batch, by=system, reasons=Reasons(cause))
            recascade(batch.programme_id, by=system, reasons=Reasons(cause))
            after = dict(studies.values_list("code", "forecast_first_patient_in"))
            assert max((after[code] - day).days for code, day in before.items() if day) > 0, batch.number


@contextmanager
def _undone(tenant: int) -> Iterator[Actor]:
    with transaction.atomic(), scope(_system(tenant)) as system:
        yield system
        transaction.set_rollback(True)


def _system(tenant: int) -> Actor:
    return Actor(tenant=tenant, name="Oversight")
