"""Puts a programme on file as it was planned: product, steps and what links them, slots, batches, studies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from batches.models import Batch, Campaign, GenealogyEdge
from batches.records import CAMPAIGN
from cdmos.models import CDMO, Site
from oversight.kernel.records.writes import create, move
from techtransfer.forecast.days import date_of
from techtransfer.models import Dependency, Milestone, Product, Programme, Slot, Study
from techtransfer.records import PRODUCT, PROGRAMME, STUDY
from techtransfer.schedule import Calendar

from ..telling import Stage, act
from .lived import Lived, lived, meant, monday
from .scribe import Scribe
from .told import BatchTold, Place, ProgrammeTold, Step

AHEAD = 75  # days before its start by which a batch is planned
MORNING = time(9, 0)


@dataclass(slots=True)
class Filed:
    """A programme on file, and its rows by the keys of its telling."""

    told: ProgrammeTold
    programme: Programme
    lived: Mapping[str, Lived]
    meant: Mapping[str, Lived]
    steps: dict[str, Milestone] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    opened: dict[str, datetime] = field(default_factory=dict)  # when each batch was put on file


class Filing:
    """Files the programmes of one sponsor."""

    def __init__(
        self,
        stage: Stage,
        scribe: Scribe,
        cdmos: Mapping[str, CDMO],
        sites: Mapping[Place, Site],
        calendars: Mapping[Place, Calendar],
        today: int,
    ) -> None:
        self.stage, self.scribe, self.today = stage, scribe, today
        self.cdmos, self.sites, self.calendars = cdmos, sites, calendars

    def file(self, told: ProgrammeTold) -> Filed:
        """The whole of it."""
        founded = self.moment(-told.founded)
        with act(founded, self.stage, told.lead) as lead:
            values = {"code": told.code, "name": told.name, "modality": told.modality, "dosage_form": told.dosage_form}
            product = cast(Product, create(PRODUCT, by=lead, values=values | {"description": told.description}))
            about: dict[str, Any] = {"title": told.title, "phase": told.phase, "description": told.about}
            about |= dict.fromkeys(told.markets, True)
            programme = cast(Programme, create(PROGRAMME, by=lead, values=about | {"product": product}))
        went = lived(told, self.calendars, self.today)
        filed = Filed(told, programme, went, meant(told, self.calendars, self.today))
        self._steps(filed)
        self._slots(filed)
        self._batches(filed)
        self._studies(filed)
        return filed

    def moment(self, day: int, at: time = MORNING) -> datetime:
        """A moment of the day counted from the present."""
        return datetime.combine(date_of(self.today + day), at, self.stage.present.tzinfo)

    def on(self, day: int | None) -> date | None:
        """The day counted from the present."""
        return None if day is None else date_of(self.today + day)

    def _steps(self, filed: Filed) -> None:
        told = filed.told
        planner, opened = self.stage.actor(told.planner), self.moment(-told.opened, time(10, 0))
        since = self.today - told.opened
        kept = [step for step in told.steps if not filed.lived[step.key].done(since)]
        filed.steps = {step.key: self._step(filed, step) for step in kept}
        self.scribe.file([(row, planner, opened) for row in filed.steps.values()])
        links = [
            (self._link(filed, step, at), planner, opened + timedelta(minutes=40))
            for step in kept
            for at in range(len(step.after))
            if step.after[at].step in filed.steps
        ]
        self.scribe.file(links)

    def _step(self, filed: Filed, step: Step) -> Milestone:
        owner, plan = self.stage.actor(step.owner), filed.meant[step.key]
        site = self.sites.get(step.at)
        return Milestone(
            tenant_id=filed.programme.tenant_id,
            status=Milestone.Status.PLANNED,
            programme=filed.programme,
            product_code=filed.told.code,
            title=step.title,
            step=step.step,
            stage=step.stage,
            cdmo_id=site and site.cdmo_id,
            site=site,
            calendar=Milestone.Calendar.EVERY_DAY if step.every_day else Milestone.Calendar.SITE,
            line=step.line,
            owner_id=owner.user or 0,
            owner_name=owner.name,
            optimistic_days=step.days[0] if step.days[1] else None,
            duration_days=step.days[1],
            pessimistic_days=step.days[2] if step.days[1] else None,
            earliest_start=self.on(step.not_before),
            need_by=self.on(step.need_by),
            planned_start=date_of(plan.start),
            planned_end=date_of(plan.end),
        )

    def _link(self, filed: Filed, step: Step, at: int) -> Dependency:
        after = step.after[at]
        return Dependency(
            tenant_id=filed.programme.tenant_id,
            status=Dependency.Status.ACTIVE,
            programme=filed.programme,
            predecessor=filed.steps[after.step],
            successor=filed.steps[step.key],
            link=after.link,
            lag_days=after.lag,
            lag_unit=after.unit,
        )

    def _slots(self, filed: Filed) -> None:
        told = filed.told
        if told.line is None:
            return
        place, line, days = told.line
        planner, opened = self.stage.actor(told.planner), self.moment(-told.opened, time(11, 0))
        site = self.sites[place]
        for slot in told.slots:
            if slot.booked and slot.booked not in filed.steps:
                continue
            filed.slots[slot.week] = Slot(
                tenant_id=filed.programme.tenant_id,
                status=Slot.Status.BOOKED if slot.booked else Slot.Status.OPEN,
                cdmo_id=site.cdmo_id,
                site=site,
                line=line,
                starts_on=date_of(monday(self.today) + 7 * slot.week),
                days=days,
                milestone=filed.steps.get(slot.booked),
            )
        self.scribe.file([(row, planner, opened) for row in filed.slots.values()])

    def _batches(self, filed: Filed) -> None:
        told = filed.told
        planner = self.stage.actor(told.planner)
        filed.campaigns = {key: self._campaign(filed, key, title, at) for key, (title, at) in told.campaigns.items()}
        rows, replaced = [], []
        for batch in told.batches:
            row = filed.batches[batch.key] = self._batch(filed, batch)
            planned = filed.meant[batch.make].start - AHEAD - self.today
            at = self.moment(max(min(planned, -8), -told.founded), time(10, 30))
            filed.opened[batch.key] = at
            (replaced if batch.replaces else rows).append((row, planner, at))
        self.scribe.number([*rows, *replaced])
        self.scribe.insert(rows)
        for batch in told.batches:
            if batch.replaces:
                filed.batches[batch.key].replaces = filed.batches[batch.replaces]
        self.scribe.insert(replaced)
        edges = [
            (
                self._edge(filed, batch, source, amount),
                planner,
                self.moment(filed.lived[batch.make].start - self.today, time(11, 0)),
            )
            for batch in told.batches
            for source, amount in batch.made_of
            if filed.lived[batch.make].begun(self.today)
        ]
        self.scribe.file(edges)

    def _campaign(self, filed: Filed, key: str, title: str, place: Place) -> Campaign:
        first = min(filed.meant[batch.make].start for batch in filed.told.batches if batch.campaign == key)
        at = self.moment(max(first - self.today - AHEAD - 10, 1 - filed.told.founded), time(9, 40))
        site = self.sites[place]
        with act(at, self.stage, filed.told.planner) as planner:
            values = {"programme": filed.programme, "cdmo": self.cdmos[place[0]], "site": site, "title": title}
            return cast(Campaign, create(CAMPAIGN, by=planner, values=values))

    def _batch(self, filed: Filed, told: BatchTold) -> Batch:
        plan, site = filed.meant[told.make], self.sites[told.at]
        return Batch(
            tenant_id=filed.programme.tenant_id,
            status=Batch.Status.PLANNED,
            programme=filed.programme,
            product_code=filed.told.code,
            campaign=filed.campaigns.get(told.campaign),
            cdmo=self.cdmos[told.at[0]],
            site=site,
            stage=told.stage,
            purpose=told.purpose,
            partner_number=told.partner_number,
            scale=told.scale,
            make_step=filed.steps.get(told.make),
            release_step=filed.steps.get(told.release),
            planned_start=date_of(plan.start),
            planned_end=date_of(plan.end),
            unit=told.unit,
            target_yield=told.target,
        )

    def _edge(self, filed: Filed, batch: BatchTold, source: str, amount: Decimal) -> GenealogyEdge:
        return GenealogyEdge(
            tenant_id=filed.programme.tenant_id,
            status=GenealogyEdge.Status.ACTIVE,
            source=filed.batches[source],
            made_into=filed.batches[batch.key],
            quantity=amount,
            unit=filed.batches[source].unit,
            used_on=date_of(filed.lived[batch.make].start),
        )

    def _studies(self, filed: Filed) -> None:
        for study in filed.told.studies:
            at = self.moment(-filed.told.opened, time(14, 0))
            with act(at, self.stage, study.owner) as owner:
                values = {
                    "programme": filed.programme,
                    "code": study.code,
                    "title": study.title,
                    "first_patient_in": filed.steps.get(study.starts),
                    "planned_first_patient_in": self.on(study.planned),
                    "supply_needed_on": self.on(study.planned - 14),
                }
                row = filed.studies[study.code] = cast(Study, create(STUDY, by=owner, values=values))
            if not study.starts:
                began = {"actual_first_patient_in": self.on(study.planned)}
                with act(at + timedelta(minutes=5), self.stage, study.owner) as owner:
                    move(STUDY, row.pk, "start", by=owner, version=None, values=began, reason="")
