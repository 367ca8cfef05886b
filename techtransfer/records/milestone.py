"""Milestones and what they wait for."""

from cdmos.records import CDMO, SITE
from oversight.kernel.records.kind import Fieldset, Order, RecordKind
from oversight.roles import PARTNER_STAFF, Role

from ..workflows.dependency import DEPENDENCY_WORKFLOW
from ..workflows.milestone import MILESTONE_WORKFLOW
from .offices import ACTIVE, CORRECTORS, JOINT, NUMBER, OWN, VOIDERS
from .programme import PROGRAMME

MILESTONE_STATUS = {
    "PLANNED": ("neutral", "open"),
    "IN_PROGRESS": ("info", "progress"),
    "DONE": ("ok", "ok"),
    "VOID": ("neutral", "void"),
}

MILESTONE = RecordKind(
    workflow=MILESTONE_WORKFLOW,
    slug="milestones",
    label="milestone",
    plural="milestones",
    icon="milestone",
    capability="milestone",
    capabilities=JOINT
    | {
        "work": CORRECTORS | PARTNER_STAFF,
        "take": VOIDERS | {Role.QA_REVIEWER},
        "reopen": VOIDERS,
    },
    purpose="The steps of your programmes, each with its plan, its forecast and what has happened.",
    title="title",
    beneath=("number", "product_code"),
    columns=("cdmo", "stage", "status", "forecast_end", "slip_days"),
    tones={"status": MILESTONE_STATUS},
    filters=("programme", "cdmo", "status", "stage", "step"),
    orders=(
        Order(name="forecast", label="Forecast end", path="forecast_end", text=False),
        NUMBER,
        Order(name="title", label="Title", path="title"),
    ),
    search=("title", "number", "product_code", "batch_number"),
    numbers=("batch_number",),
    prefetch=("leads_to", "waits_for", "studies"),
    fieldsets=(
        Fieldset(title="Step", items=("programme", "product_code", "title", "step", "stage", "owner_name")),
        Fieldset(title="Where", items=("cdmo", "site", "line", "calendar")),
        Fieldset(title="How long", items=("duration_days", "optimistic_days", "pessimistic_days")),
        Fieldset(
            title="Plan",
            items=("planned_start", "planned_end", "earliest_start", "need_by", "baseline_start", "baseline_end"),
        ),
        Fieldset(
            title="Forecast",
            items=("forecast_start", "forecast_end", "slip_days", "float_days", "driver", "fact", "warning"),
        ),
        Fieldset(
            title="What has happened",
            items=(
                "actual_start",
                "actual_end",
                "partner_end",
                "confirmed_on",
                "batch_number",
                "held_since",
                "held_until",
            ),
        ),
    ),
    references={"programme": PROGRAMME, "cdmo": CDMO, "site": SITE},
    days=frozenset({"slip_days", "float_days"}),
    # What holds or moves a step may be of a batch that is made elsewhere.
    of_all=frozenset(
        {
            "hold_kind",
            "hold_id",
            "hold_number",
            "hold_cause",
            "fact_kind",
            "fact_id",
            "fact_number",
            "fact",
            "moved_because",
            "cause_kind",
            "cause_id",
            "cause_number",
        }
    ),
    # What of its own step a partner needs to do it. Nothing by which it could infer another partner's dates: not what
    # drove or moved the step, not its float, and not the plan of the whole.
    partner_sees=frozenset(
        {
            "number",
            "status",
            "product_code",
            "title",
            "step",
            "stage",
            "cdmo",
            "site",
            "line",
            "calendar",
            "duration_days",
            "planned_start",
            "planned_end",
            "forecast_start",
            "forecast_end",
            "actual_start",
            "actual_end",
            "partner_end",
            "confirmed_on",
            "batch_number",
            "held_since",
            "held_until",
        }
    ),
    help={
        "programme": "This cannot be changed later.",
        "cdmo": "Who does it; empty: your own people. This cannot be changed later.",
        "line": "If it needs a slot of a fill line: the line's name, as its slots have it.",
        "calendar": "Which days count.",
        "duration_days": "In days of the calendar. 0: a moment.",
        "planned_start": "What you reckon with before a baseline is signed. It holds nothing back: “Not before” does.",
        "earliest_start": "It begins on no earlier day.",
        "need_by": "When somebody needs it; nothing is moved for it.",
    },
    page="techtransfer/step.html",
)

DEPENDENCY = RecordKind(
    workflow=DEPENDENCY_WORKFLOW,
    slug="dependencies",
    label="dependency",
    plural="dependencies",
    icon="git-commit-horizontal",
    capability="dependency",
    capabilities=OWN,
    purpose="What each step waits for.",
    title="number",
    columns=("predecessor", "successor", "link", "lag_days", "status"),
    tones={"status": ACTIVE},
    filters=("programme", "status", "link"),
    orders=(NUMBER,),
    search=("number", "note"),
    fieldsets=(
        Fieldset(title="Steps", items=("programme", "predecessor", "successor")),
        Fieldset(title="Link", items=("link", "lag_days", "lag_unit", "note")),
    ),
    references={"programme": PROGRAMME, "predecessor": MILESTONE, "successor": MILESTONE},
    help={
        "predecessor": "This cannot be changed later.",
        "successor": "A step of the same programme. This cannot be changed later.",
        "lag_days": "Days that lie between them. Negative: they overlap.",
    },
    listed=False,
)
