"""By when a deviation asks for what: the defaults, until a sponsor or an agreement says otherwise."""

from dataclasses import dataclass

from oversight.kernel.clocks.calendar import Unit
from oversight.kernel.clocks.rules import Rule, Side
from quality.models import Deviation

Type, Severity = Deviation.EventType, Deviation.Severity
SITE_HEAD, QA_DIRECTOR = "the site head of the CDMO", "the sponsor's QA director"

# From becoming aware until the sponsor is told, by class.
NOTICE = {
    Severity.CRITICAL: Rule("notice-critical", "Notification", 24, Unit.HOURS, Side.CDMO, escalates_to=SITE_HEAD),
    Severity.MAJOR: Rule("notice-major", "Notification", 48, Unit.HOURS, Side.CDMO, escalates_to=SITE_HEAD),
    Severity.MINOR: Rule("notice-minor", "Notification", 72, Unit.HOURS, Side.CDMO, escalates_to=SITE_HEAD),
}
CONTAINMENT = Rule("containment", "Containment", 60, Unit.MINUTES, Side.CDMO, escalates_to=SITE_HEAD)
ACCEPTANCE = Rule(
    "report-acceptance", "Acceptance of the report", 1, Unit.WORKING_DAYS, Side.SPONSOR, escalates_to=QA_DIRECTOR
)
INVESTIGATION = Rule("investigation", "Investigation", 30, Unit.DAYS, Side.CDMO, escalates_to=SITE_HEAD)
CORRECTION = Rule("root-cause-correction", "Corrected root cause", 10, Unit.DAYS, Side.CDMO, escalates_to=SITE_HEAD)
REVIEW = Rule(
    "root-cause-review", "Review of the root cause", 5, Unit.WORKING_DAYS, Side.SPONSOR, escalates_to=QA_DIRECTOR
)
CLOSURE = Rule("closure", "Closure", 10, Unit.WORKING_DAYS, Side.SPONSOR, escalates_to=QA_DIRECTOR)
LIFE = (CONTAINMENT, ACCEPTANCE, INVESTIGATION, REVIEW, CORRECTION, CLOSURE)  # in the order in which they are set
ADDED_TASK = Rule("added-task", "Response task", 10, Unit.WORKING_DAYS, Side.SPONSOR, escalates_to=QA_DIRECTOR)


@dataclass(frozen=True, slots=True)
class Response:
    """What an event type calls for: the risk that it carries, and one task with its clock for each rule."""

    risk: str
    steps: tuple[Rule, ...]


def _sponsor(name: str, label: str, limit: int, unit: Unit = Unit.WORKING_DAYS) -> Rule:
    return Rule(name, label, limit, unit, Side.SPONSOR, escalates_to=QA_DIRECTOR)


def _cdmo(name: str, label: str, limit: int, unit: Unit = Unit.WORKING_DAYS) -> Rule:
    return Rule(name, label, limit, unit, Side.CDMO, escalates_to=SITE_HEAD)


RESPONSES: dict[str, Response] = {
    Type.IN_PROCESS_OOS: Response(
        "low",
        (
            _sponsor("review-investigation", "Review the CDMO's investigation", 5),
            _sponsor("confirm-impact", "Confirm the impact assessment", 10),
        ),
    ),
    Type.RELEASE_OOS: Response(
        "high",
        (
            _sponsor("joint-investigation", "Investigate jointly with the CDMO", 30, Unit.DAYS),
            _sponsor("disposition-decision", "Decide the disposition", 30, Unit.DAYS),
            _sponsor("reporting-assessment", "Assess regulatory reporting", 3),
        ),
    ),
    Type.CRITICAL_PROCESS_DEVIATION: Response(
        "high",
        (
            _cdmo("halt-processing", "Halt further processing", 4, Unit.HOURS),
            _sponsor("authority-notification", "Assess notification of health authorities", 3),
        ),
    ),
    Type.RECORD_DISCREPANCY: Response(
        "low",
        (
            _cdmo("correct-record", "Correct the batch record", 10),
            _sponsor("verify-correction", "Verify the correction", 15),
        ),
    ),
    Type.EQUIPMENT_DOWNTIME: Response(
        "medium",
        (
            _sponsor("timeline-impact", "Assess the impact on the campaign timeline", 2),
            _sponsor("contingency", "Plan for contingency", 5),
        ),
    ),
    Type.SUPPLIER_CHANGE: Response(
        "medium",
        (
            _sponsor("change-control", "Open a change control", 5),
            _sponsor("comparability", "Assess comparability", 30, Unit.DAYS),
            _sponsor("regulatory-impact", "Review the regulatory impact", 15),
        ),
    ),
}


def house_rules() -> tuple[Rule, ...]:
    """Every rule by which the house sets a clock, in the order of a deviation's life."""
    steps = (step for response in RESPONSES.values() for step in response.steps)
    return (*NOTICE.values(), *LIFE, *steps, ADDED_TASK)
