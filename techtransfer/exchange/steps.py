"""The steps of a file beside those that stand: what each would be, and what stands against it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.words import day_in_words
from techtransfer.models import Milestone
from techtransfer.services.milestone import PAST, remember_fact

from .columns import STEP_COLUMNS
from .places import Places, Unknown
from .standing import Standing
from .values import Findings, Place, StepRow

HEADINGS = {column.name: column.heading for column in STEP_COLUMNS} | {"cdmo": "Partner"}
PLAN = (
    "title", "stage", "step", "site", "calendar", "line", "duration_days", "optimistic_days", "pessimistic_days",
    "earliest_start", "need_by", "planned_start", "planned_end",
)  # fmt: skip
HAPPENED = ("actual_start", "actual_end", "partner_end")
FIXED_PARTNER = "The partner of a step is not changed. Void the step and add another."
Status = Milestone.Status


@dataclass(slots=True)
class Changed:
    """One step of which the file says something else than stands: by field what stands and what the file says."""

    step: Milestone  # as it would be
    place: Place
    was: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Steps:
    """What a file does to the steps of a programme."""

    new: list[tuple[Place, Milestone]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    missing: list[Milestone] = field(default_factory=list)
    by_id: dict[str, Milestone] = field(default_factory=dict)  # all that there would be


class StepComparison:
    """Row after row against what stands."""

    def __init__(self, standing: Standing, findings: Findings, actor: Actor) -> None:
        self.standing, self.findings, self.actor = standing, findings, actor
        self.places, self.found = Places(standing), Steps()
        self._rows: dict[str, Place] = {}

    def compare(self, rows: list[StepRow]) -> Steps:
        """All rows; the steps that no row names are kept, and said."""
        for row in rows:
            if (first := self._rows.setdefault(row.id, row.place)) is not row.place:
                self.findings.error(row.place.at("ID"), f"The ID {row.id} stands in row {first.row} already.")
            elif (known := self.standing.steps.get(row.id)) is not None:
                self._known(row, known)
            else:
                self._new(row)
        self.found.missing = [step for name, step in self.standing.steps.items() if name not in self._rows]
        self.found.by_id |= {name: step for name, step in self.standing.steps.items() if name not in self._rows}
        return self.found

    def _new(self, row: StepRow) -> None:
        step = Milestone(
            tenant_id=self.standing.programme.tenant_id,
            programme=self.standing.programme,
            product_code=self.standing.product_code,
            external_id=row.id,
            status=Status.PLANNED,
        )
        step.cdmo = step.site = None  # known to be none, until the row says where: nothing is looked up
        if self.actor.user:
            step.owner_id, step.owner_name = self.actor.user, self.actor.name
        says = dict(row.says)
        for name, value in row.otherwise.items():
            if name not in says:
                says[name] = value
                label = dict(Milestone._meta.get_field(name).flatchoices)[value]
                self.findings.warn(row.place.at(HEADINGS[name]), f"The file does not say it: taken as “{label}”.")
        located = self._locate(row, says, step)
        for name in PLAN:
            if name in says and name != "site":
                setattr(step, name, says[name])
        self._happen(row, says, step)
        self.found.by_id[row.id] = step
        if self._holds(row, step) and located:
            self.found.new.append((row.place, step))

    def _known(self, row: StepRow, step: Milestone) -> None:
        self.found.by_id[row.id] = step
        says, changed = dict(row.says), Changed(step, row.place)
        before = {name: getattr(step, name) for name in (*PLAN, *HAPPENED, "status")}
        before["site"] = step.site_id
        located = self._relocate(row, says, step)
        for name in PLAN:
            if name in says and name != "site":
                setattr(step, name, says[name])
        self._happen(row, says, step)
        now = {name: getattr(step, name) for name in before} | {"site": step.site_id}
        changed.was = {name: value for name, value in before.items() if now[name] != value}
        if changed.was and before["status"] == Status.DONE:
            words = ", ".join(HEADINGS[name] for name in changed.was if name in HEADINGS)
            self.findings.warn(row.place, f"It is done here: what the file says otherwise is not taken ({words}).")
            for name, value in changed.was.items():
                setattr(step, f"{name}_id" if name == "site" else name, value)
            changed.was = {}
        if not changed.was:
            self.found.unchanged += 1
        elif self._holds(row, step) and located:
            self.found.changed.append(changed)

    def _locate(self, row: StepRow, says: dict[str, Any], step: Milestone) -> bool:
        """Set where a new step is done; False, and said, where nobody in sight is called so."""
        partner, site = says.get("partner") or "", says.get("site") or ""
        column = "Partner"
        try:
            if partner:
                step.cdmo = self.places.partner(partner)
            column = "Site"
            if site:
                step.site = self.places.site(site, step.cdmo) if step.cdmo else self.places.lone_site(site)
                step.cdmo = step.site.cdmo
        except Unknown as trouble:
            self.findings.error(row.place.at(column), str(trouble))
            return False
        return True

    def _relocate(self, row: StepRow, says: dict[str, Any], step: Milestone) -> bool:
        """The partner stays; the site may be another of its own."""
        column = "Partner"
        try:
            if "partner" in says:
                partner = self.places.partner(says["partner"]) if says["partner"] else None
                if (partner and partner.pk) != step.cdmo_id:
                    self.findings.error(row.place.at(column), FIXED_PARTNER)
                    return False
            column = "Site"
            if "site" in says:
                if says["site"] and step.cdmo is None:
                    self.findings.error(row.place.at(column), FIXED_PARTNER)
                    return False
                step.site = self.places.site(says["site"], step.cdmo) if says["site"] and step.cdmo else None
        except Unknown as trouble:
            self.findings.error(row.place.at(column), str(trouble))
            return False
        return True

    def _happen(self, row: StepRow, says: dict[str, Any], step: Milestone) -> None:
        """What has happened: only ever forwards, and never against the batch that a step makes."""
        if step.status == Status.DONE and step.pk:
            if {name for name in HAPPENED if says.get(name) and says[name] != getattr(step, name)}:
                self._keep(row, "Finished", "It is done here: its dates stay as they are.")
            return
        start, end, promised = (says.get(name) for name in HAPPENED)
        if end and not start and not step.actual_start and not step.duration_days:
            start = end  # a moment begins and ends on one day
        if (start and start != step.actual_start) or end:
            self._begin(row, step, start, end)
        if step.actual_start and step.pk and "actual_start" in says and not says["actual_start"]:
            self._keep(row, "Started", f"It began on {day_in_words(step.actual_start)} here: kept.")
        if promised and promised != step.partner_end and not step.actual_end:
            self._promise(row, step, promised)

    def _begin(self, row: StepRow, step: Milestone, start: date | None, end: date | None) -> None:
        if step.batch_id:
            self._keep(row, "Started", f"It follows batch {step.batch_number}: move the batch. Its dates are kept.")
            return
        if step.status == Status.IN_PROGRESS and start and start != step.actual_start and not end:
            self._keep(row, "Started", "It has begun here on another day: kept.")
            return
        if start:
            step.actual_start, step.status = start, Status.IN_PROGRESS
            words = f"it began on {day_in_words(start)}"
        if end:
            step.actual_end, step.status = end, Status.DONE
            words = f"it was finished on {day_in_words(end)}"
        remember_fact(step, words)

    def _promise(self, row: StepRow, step: Milestone, promised: date) -> None:
        if step.pk and promised < step.today:
            self.findings.error(row.place.at("Partner's date"), PAST)
            return
        step.partner_end, step.confirmed_on = promised, step.today
        remember_fact(step, f"the sponsor moved it to {day_in_words(promised)}")

    def _keep(self, row: StepRow, column: str, sentence: str) -> None:
        self.findings.warn(row.place.at(column), sentence)

    def _holds(self, row: StepRow, step: Milestone) -> bool:
        """Ask the step itself, as a form would; what cannot be read of the row was said already."""
        said = {name for name in ("title", "duration_days") if name not in row.says and not step.pk}
        problems: dict[str, list[str]] = {}
        try:
            step.clean_fields(exclude={"number", *said})
        except ValidationError as refusal:
            problems = refusal.message_dict
        for name, sentence in step.problems().items():
            problems.setdefault(name, []).append(sentence)
        for name, sentences in problems.items():
            self.findings.error(row.place.at(HEADINGS.get(name, name)), " ".join(sentences))
        return not problems and not said
