"""What stands beside the records: limits that a sponsor set for itself, and views of lists that people keep."""

from datetime import datetime

from oversight.kernel.access.scope import scope
from oversight.kernel.clocks.models import DefaultLimit
from oversight.kernel.records.saved import save_view
from oversight.kernel.trail.change import change
from quality.records import DEVIATION, RESPONSE_TASK

from .people import MARROWFEN, TARN
from .telling import Stage, at

SET = 33  # days ago
QA_DIRECTOR = "the QA director"
HOURS = "HOURS"
# By whom, which rule, how many hours, and why.
LIMITS = {
    MARROWFEN: (
        ("ingrid.solvang", "report-acceptance", 24, "Quality on duty reads reports every day since October."),
        ("ingrid.solvang", "timeline-impact", 48, "The plan of the campaign is drawn up anew every day."),
    ),
    TARN: (
        ("ruth.calloway", "report-acceptance", 24, "Reports are read every day, also at weekends."),
        ("ruth.calloway", "timeline-impact", 72, "The plan is drawn up twice a week."),
    ),
}
# Whose, of which list, its name, and the state of the list.
VIEWS = {
    MARROWFEN: (
        ("ingrid.solvang", DEVIATION, "Root causes to review", "status=ANSWERED"),
        ("ingrid.solvang", DEVIATION, "Critical, open", "status=open&severity=CRITICAL"),
        ("ingrid.solvang", DEVIATION, "Overdue", "status=overdue"),
        ("pascal.renard", DEVIATION, "Waiting for acceptance", "status=REPORTED"),
        ("pascal.renard", DEVIATION, "Root causes to review", "status=ANSWERED"),
        ("marta.oliveira", RESPONSE_TASK, "Our open tasks", "status=OPEN&side=SPONSOR"),
        ("marta.oliveira", DEVIATION, "Equipment down", "status=open&event_type=EQUIPMENT_DOWNTIME"),
        ("lena.brunner", DEVIATION, "Under investigation", "status=INVESTIGATION"),
        ("grace.whitlock", DEVIATION, "Overdue", "status=overdue"),
    ),
    TARN: (
        ("ruth.calloway", DEVIATION, "Overdue", "status=overdue"),
        ("lena.brunner", DEVIATION, "Under investigation", "status=INVESTIGATION"),
    ),
}


def set_limits(slug: str, stage: Stage, moment: datetime) -> None:
    """From then on, these hold in place of the rules' own."""
    for by, name, hours, reason in LIMITS[slug]:
        with at(moment), change(by=stage.actor(by), reason=reason):
            DefaultLimit(name=name, limit=hours, unit=HOURS, escalates_to=QA_DIRECTOR).save()


def keep_views(slug: str, stage: Stage) -> None:
    """As their owners would have kept them from the page of the list."""
    for by, kind, name, state in VIEWS[slug]:
        with scope(stage.actor(by)) as owner:
            save_view(kind, by=owner, name=name, state=state)
