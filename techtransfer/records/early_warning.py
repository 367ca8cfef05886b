"""Early warnings: steps that are likely to end late. The sponsor's own: no partner reads what is thought of it."""

from cdmos.records import CDMO
from oversight.kernel.records.kind import Fieldset, Order, RecordKind
from oversight.roles import EITHER_SIDE, SPONSOR_ROLES

from ..workflows.early_warning import EARLY_WARNING_WORKFLOW
from .milestone import MILESTONE
from .offices import CORRECTORS, NUMBER, TALKERS
from .programme import PROGRAMME

LEVELS = {"NOTED": ("info", "open"), "AMBER": ("warn", "warn"), "RED": ("danger", "critical")}

EARLY_WARNING = RecordKind(
    workflow=EARLY_WARNING_WORKFLOW,
    slug="warnings",
    label="early warning",
    plural="early warnings",
    icon="trending-down",
    capability="early_warning",
    capabilities={
        "view": SPONSOR_ROLES | EITHER_SIDE,
        "respond": CORRECTORS,
        "comment": TALKERS,
        "attach": TALKERS,
    },
    purpose="Steps that are likely to end late, before anybody has moved their date.",
    title="title",
    beneath=("level", "number"),
    columns=("cdmo", "chance", "agreed_on", "raised_at", "status"),
    tones={
        "status": {"OPEN": ("info", "progress"), "OVER": ("neutral", "void"), "ASIDE": ("neutral", "void")},
        "level": LEVELS,
    },
    filters=("programme", "cdmo", "status", "level", "basis"),
    orders=(Order(name="raised", label="Raised", path="raised_at", text=False, latest_first=True), NUMBER),
    search=("title", "number", "product_code"),
    fieldsets=(
        Fieldset(title="What", items=("programme", "product_code", "milestone", "cdmo", "says")),
        Fieldset(title="How likely", items=("level", "chance", "basis", "learnt_from", "learnt_here", "agreed_on")),
        Fieldset(title="Since when", items=("raised_at", "red_at", "ended_at", "ended")),
        Fieldset(title="What came of it", items=("late_days", "response")),
    ),
    references={"programme": PROGRAMME, "milestone": MILESTONE, "cdmo": CDMO},
    days=frozenset({"late_days"}),
    # What holds a step, and what was learnt, may be another partner's affair.
    of_all=frozenset({"says", "facts", "seen", "learnt_from"}),
    long_text=frozenset({"response"}),
    page="techtransfer/warning.html",
)
