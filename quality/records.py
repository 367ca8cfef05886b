"""The record kinds of quality: deviations and the tasks that answer them."""

from batches.records import BATCH
from cdmos.records import CDMO, SITE
from oversight.kernel.records.kind import Fieldset, Order, Parent, RecordKind
from oversight.roles import DEVELOPMENT, EITHER_SIDE, EVERYBODY, PARTNER_STAFF, QUALITY, Role

from .models import Deviation
from .waiting import DEVIATION_WAITING, TASK_WAITING
from .workflows.deviation import ANALYSIS, DEVIATION_WORKFLOW, REPORT, WHYS
from .workflows.response_task import RESPONSE_TASK_WORKFLOW

REPORTERS = QUALITY | DEVELOPMENT | PARTNER_STAFF | EITHER_SIDE
CONTAINMENT = Deviation.CONTAINMENT
SEVERITY = {"MINOR": ("neutral", ""), "MAJOR": ("warn", "warn"), "CRITICAL": ("danger", "critical")}
STATUS = {
    "REPORTED": ("neutral", "open"),
    "INVESTIGATION": ("info", "progress"),
    "ANSWERED": ("info", "progress"),
    "ACCEPTED": ("info", "progress"),
    "CLOSED": ("ok", "ok"),
    "VOID": ("neutral", "void"),
}
TASK = {"OPEN": ("neutral", "open"), "DONE": ("ok", "ok"), "NOT_NEEDED": ("neutral", "void")}

DEVIATION = RecordKind(
    workflow=DEVIATION_WORKFLOW,
    slug="deviations",
    label="deviation",
    plural="deviations",
    icon="triangle-alert",
    capability="deviation",
    capabilities={
        "view": EVERYBODY,
        "create": REPORTERS,
        "amend": REPORTERS,
        "contain": QUALITY | PARTNER_STAFF | EITHER_SIDE,
        "accept-report": QUALITY,
        "submit-root-cause": REPORTERS,
        "review-root-cause": QUALITY,
        "close": QUALITY,
        "void": frozenset({Role.QA_DIRECTOR}),
        "comment": REPORTERS | {Role.SUPPLY},
        "attach": REPORTERS,
    },
    purpose="What went wrong at a partner's site: contained, explained, closed.",
    title="title",
    beneath=("severity", "number"),
    columns=("cdmo", "site", "batch", "status", "due_at"),
    tones={"severity": SEVERITY, "status": STATUS},
    filters=("cdmo", "status", "severity", "event_type"),
    orders=(
        Order(name="due", label="Due", path="due_at", text=False),
        Order(name="aware", label="Became aware", path="aware_at", text=False),
        Order(name="number", label="Number", path="number", text=False),
    ),
    search=("title", "number", "partner_number", "description"),
    numbers=("partner_number",),
    fieldsets=(
        Fieldset(
            title="What happened",
            items=("title", "description", "cdmo", "site", "batch", "severity", "event_type"),
        ),
        Fieldset(title="When", items=("occurred_at", "aware_at", "notified_at", "partner_number")),
        Fieldset(title="Containment", items=CONTAINMENT),
        Fieldset(title="Five whys", items=WHYS),
        Fieldset(title="Root cause", items=("root_cause", "root_cause_category", "second_cause", "returned_count")),
    ),
    parent=Parent(field="cdmo", kind=CDMO),
    references={"site": SITE, "batch": BATCH},
    partner_sees=REPORT
    | ANALYSIS
    | frozenset({"number", "status", "cdmo", "due_at", "due_label", "due_side", "returned_count", *CONTAINMENT}),
    help={
        "title": "One line, as one would say it on the phone.",
        "description": "What was expected, what happened instead, and what it touches.",
        "cdmo": "Where it happened. This cannot be changed later.",
        "batch": "If it touches one. A critical deviation holds it.",
        "severity": "Critical: patients or data may be harmed. Major: quality may be. Minor: neither.",
        "event_type": "It decides which tasks follow.",
        "occurred_at": "When it happened.",
        "aware_at": "When somebody first noticed. The clocks begin here.",
        "notified_at": "When the sponsor was told.",
        "partner_number": "The number that the CDMO's own system gave it.",
        "root_cause": "What has to change so that it cannot happen again.",
        "second_cause": "Needed where people are the cause: what let the error happen, or why nothing else did.",
    },
    long_text=frozenset({"description", "root_cause", "second_cause"}),
    page="quality/deviation.html",
    adds="Report a deviation",
    waiting=DEVIATION_WAITING,
)

RESPONSE_TASK = RecordKind(
    workflow=RESPONSE_TASK_WORKFLOW,
    slug="response-tasks",
    label="response task",
    plural="response tasks",
    icon="list-checks",
    capability="task",
    capabilities={
        "view": EVERYBODY,
        "create": QUALITY | DEVELOPMENT | EITHER_SIDE,
        "amend": QUALITY | DEVELOPMENT | EITHER_SIDE,
        "take": REPORTERS,
        "finish": REPORTERS,
        "waive": QUALITY,
        "comment": REPORTERS | {Role.SUPPLY},
        "attach": REPORTERS,
    },
    purpose="What has to be done about a deviation, by whom and by when.",
    title="title",
    beneath=("number",),
    columns=("deviation", "side", "owner_name", "status", "due_at"),
    tones={"status": TASK},
    filters=("cdmo", "status", "side"),
    orders=(
        Order(name="due", label="Due", path="due_at", text=False),
        Order(name="number", label="Number", path="number", text=False),
    ),
    search=("title", "number", "owner_name"),
    fieldsets=(Fieldset(title="Task", items=("deviation", "title", "side", "owner_name", "note", "done_at")),),
    parent=Parent(field="deviation", kind=DEVIATION),
    references={"cdmo": CDMO},
    # Who of the sponsor's does a task, and what they wrote about it, stays with the sponsor.
    partner_sees=frozenset(
        {"number", "status", "cdmo", "deviation", "title", "side", "done_at", "due_at", "due_label", "due_side"}
    ),
    help={
        "deviation": "What it answers. This cannot be changed later.",
        "side": "Who has to do it.",
        "note": "What was done, and where one can see it.",
    },
    long_text=frozenset({"note"}),
    waiting=TASK_WAITING,
)
