"""Check-ins: how far a step is, from whoever does it."""

from cdmos.records import CDMO
from oversight.kernel.records.kind import Fieldset, Order, Parent, RecordKind
from oversight.roles import PARTNER_STAFF

from ..workflows.check_in import CHECK_IN_WORKFLOW
from .milestone import MILESTONE
from .offices import NUMBER, PARTNERS_OWN, VOIDERS

CHECK_IN_STATUS = {"NOTED": ("ok", "ok"), "VOID": ("neutral", "void")}

CHECK_IN = RecordKind(
    workflow=CHECK_IN_WORKFLOW,
    slug="check-ins",
    label="check-in",
    plural="check-ins",
    icon="gauge",
    capability="check_in",
    capabilities=PARTNERS_OWN | {"void": VOIDERS | PARTNER_STAFF},
    purpose="How far each step was on which day, as whoever does it says.",
    title="number",
    columns=("milestone", "as_of", "percent", "expected_end", "status"),
    tones={"status": CHECK_IN_STATUS},
    filters=("cdmo", "status"),
    orders=(Order(name="day", label="As of", path="as_of", text=False, latest_first=True), NUMBER),
    search=("number", "remark"),
    fieldsets=(
        Fieldset(title="Check-in", items=("milestone", "percent", "as_of", "expected_end", "remark")),
        Fieldset(title="From whom", items=("cdmo", "on_behalf")),
    ),
    parent=Parent(field="milestone", kind=MILESTONE, lists=False),
    references={"cdmo": CDMO},
    partner_sees=frozenset(
        {"number", "status", "milestone", "cdmo", "percent", "as_of", "expected_end", "remark", "on_behalf"}
    ),
    help={
        "milestone": "A step that is under way. This cannot be changed later.",
        "percent": "Of the work, from 0 to 100. A guess is fine.",
        "as_of": "The day for which it holds; empty: today.",
        "expected_end": "Only if another day than you said before: it moves the date of the step.",
        "remark": "Needed if it is less than before, or if you say it for somebody else.",
    },
    long_text=frozenset({"remark"}),
    adds="Note a check-in",
    listed=False,
)
