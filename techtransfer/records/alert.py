"""Impact alerts: dates that moved, for those who answer for them."""

from cdmos.records import CDMO
from oversight.kernel.records.kind import Fieldset, Order, RecordKind
from oversight.roles import EVERYBODY, PARTNER_STAFF

from ..workflows.impact_alert import IMPACT_ALERT_WORKFLOW
from .milestone import MILESTONE
from .offices import NUMBER, TALKERS
from .programme import PROGRAMME
from .study import STUDY

ALERT_STATUS = {"OPEN": ("warn", "warn"), "SEEN": ("ok", "ok")}

IMPACT_ALERT = RecordKind(
    workflow=IMPACT_ALERT_WORKFLOW,
    slug="alerts",
    label="impact alert",
    plural="impact alerts",
    icon="bell-ring",
    capability="impact_alert",
    capabilities={
        "view": EVERYBODY,
        "acknowledge": TALKERS | PARTNER_STAFF,
        "comment": TALKERS | PARTNER_STAFF,
        "attach": TALKERS | PARTNER_STAFF,
    },
    purpose="Dates that moved, for those who answer for them.",
    title="title",
    beneath=("number", "product_code"),
    columns=("cdmo", "was_on", "now_on", "days", "cause", "status"),
    tones={"status": ALERT_STATUS},
    filters=("programme", "study", "cdmo", "status"),
    orders=(Order(name="raised", label="Raised", path="raised_at", text=False, latest_first=True), NUMBER),
    search=("title", "number", "product_code"),
    fieldsets=(
        Fieldset(title="What moved", items=("programme", "product_code", "study", "cdmo", "milestone", "steps")),
        Fieldset(title="When", items=("was_on", "now_on", "days", "raised_at")),
        Fieldset(title="Why", items=("cause", "cause_number")),
    ),
    references={"programme": PROGRAMME, "study": STUDY, "milestone": MILESTONE, "cdmo": CDMO},
    days=frozenset({"days"}),
    of_all=frozenset({"cause", "cause_kind", "cause_id", "cause_number"}),
    # Why it moved may be another partner's affair; the cascade words the title so that it says nothing of it.
    partner_sees=frozenset(
        {
            "number",
            "status",
            "product_code",
            "cdmo",
            "title",
            "milestone",
            "steps",
            "was_on",
            "now_on",
            "days",
            "raised_at",
        }
    ),
)
