"""What each type of event calls for by default, until an agreement's clause says otherwise: steps, sides, risk."""

from dataclasses import dataclass

from quality.models import Deviation, ResponseTask

Type, Side = Deviation.EventType, ResponseTask.Side


@dataclass(frozen=True, slots=True)
class Step:
    """One task of the response."""

    name: str
    title: str
    side: str
    limit: int
    unit: str  # hours, days, working days, as clocks count them


@dataclass(frozen=True, slots=True)
class Response:
    """The risk that an event type carries, and what is done about it."""

    risk: str
    steps: tuple[Step, ...]


RESPONSES: dict[str, Response] = {
    Type.IN_PROCESS_OOS: Response(
        "low",
        (
            Step("review-investigation", "Review the CDMO's investigation", Side.SPONSOR, 5, "WORKING_DAYS"),
            Step("confirm-impact", "Confirm the impact assessment", Side.SPONSOR, 10, "WORKING_DAYS"),
        ),
    ),
    Type.RELEASE_OOS: Response(
        "high",
        (
            Step("joint-investigation", "Investigate jointly with the CDMO", Side.SPONSOR, 30, "DAYS"),
            Step("disposition-decision", "Decide the disposition", Side.SPONSOR, 30, "DAYS"),
            Step("reporting-assessment", "Assess regulatory reporting", Side.SPONSOR, 3, "WORKING_DAYS"),
        ),
    ),
    Type.CRITICAL_PROCESS_DEVIATION: Response(
        "high",
        (
            Step("halt-processing", "Halt further processing", Side.CDMO, 4, "HOURS"),
            Step(
                "authority-notification", "Assess notification of health authorities", Side.SPONSOR, 3, "WORKING_DAYS"
            ),
        ),
    ),
    Type.RECORD_DISCREPANCY: Response(
        "low",
        (
            Step("correct-record", "Correct the batch record", Side.CDMO, 10, "WORKING_DAYS"),
            Step("verify-correction", "Verify the correction", Side.SPONSOR, 15, "WORKING_DAYS"),
        ),
    ),
    Type.EQUIPMENT_DOWNTIME: Response(
        "medium",
        (
            Step("timeline-impact", "Assess the impact on the campaign timeline", Side.SPONSOR, 2, "WORKING_DAYS"),
            Step("contingency", "Plan for contingency", Side.SPONSOR, 5, "WORKING_DAYS"),
        ),
    ),
    Type.SUPPLIER_CHANGE: Response(
        "medium",
        (
            Step("change-control", "Open a change control", Side.SPONSOR, 5, "WORKING_DAYS"),
            Step("comparability", "Assess comparability", Side.SPONSOR, 30, "DAYS"),
            Step("regulatory-impact", "Review the regulatory impact", Side.SPONSOR, 15, "WORKING_DAYS"),
        ),
    ),
}

# Within how many hours of becoming aware the sponsor is to be told, by class.
NOTICE_HOURS = {Deviation.Severity.CRITICAL: 24, Deviation.Severity.MAJOR: 48, Deviation.Severity.MINOR: 72}
