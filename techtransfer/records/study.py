"""Studies, and the baselines against which their days are counted."""

from oversight.kernel.records.kind import Fieldset, Order, Parent, RecordKind
from oversight.roles import DEVELOPMENT, Role

from ..workflows.baseline import BASELINE_WORKFLOW
from ..workflows.study import STUDY_WORKFLOW
from .milestone import MILESTONE
from .offices import NUMBER, OWN, PLANNERS
from .programme import PROGRAMME

STUDY_STATUS = {
    "PLANNED": ("neutral", "open"),
    "RUNNING": ("info", "progress"),
    "CLOSED": ("ok", "ok"),
    "VOID": ("neutral", "void"),
}
BASELINE_STATUS = {
    "PROPOSED": ("info", "open"),
    "APPROVED": ("ok", "ok"),
    "REPLACED": ("neutral", "void"),
    "DECLINED": ("neutral", "void"),
}

STUDY = RecordKind(
    workflow=STUDY_WORKFLOW,
    slug="studies",
    label="study",
    plural="studies",
    icon="stethoscope",
    capability="study",
    capabilities=OWN | {"start": DEVELOPMENT | {Role.SUPPLY}},
    purpose="The clinical studies that wait at the end of the chain.",
    title="code",
    beneath=("number",),
    columns=("title", "programme", "status", "forecast_first_patient_in", "slip_days"),
    tones={"status": STUDY_STATUS},
    filters=("programme", "status"),
    orders=(
        Order(name="forecast", label="Forecast", path="forecast_first_patient_in", text=False),
        NUMBER,
        Order(name="code", label="Code", path="code"),
    ),
    search=("code", "title", "number", "owner_name"),
    fieldsets=(
        Fieldset(title="Study", items=("programme", "code", "title", "owner_name")),
        Fieldset(
            title="First patient in",
            items=(
                "first_patient_in",
                "planned_first_patient_in",
                "baseline_first_patient_in",
                "forecast_first_patient_in",
                "actual_first_patient_in",
                "slip_days",
                "float_days",
            ),
        ),
        Fieldset(title="Supply", items=("supply_needed_on",)),
    ),
    parent=Parent(field="programme", kind=PROGRAMME),
    references={"first_patient_in": MILESTONE},
    days=frozenset({"slip_days", "float_days"}),
    of_all=frozenset({"chain"}),  # the impact tells each as much of it as they see
    help={"first_patient_in": "The step of the programme with which the study starts."},
    listed=False,
    page="techtransfer/study.html",
)

BASELINE = RecordKind(
    workflow=BASELINE_WORKFLOW,
    slug="baselines",
    label="baseline",
    plural="baselines",
    icon="flag",
    capability="baseline",
    capabilities=OWN
    | {
        "create": PLANNERS | {Role.QA_DIRECTOR},
        "approve": frozenset({Role.CMC_DIRECTOR, Role.QA_DIRECTOR}),
    },
    purpose="Frozen dates against which every slip is counted. A second person signs them.",
    title="title",
    beneath=("number",),
    columns=("programme", "steps", "status", "approved_at"),
    tones={"status": BASELINE_STATUS},
    filters=("programme", "status"),
    orders=(NUMBER,),
    search=("title", "number", "justification"),
    fieldsets=(Fieldset(title="Baseline", items=("programme", "title", "justification", "steps", "approved_at")),),
    parent=Parent(field="programme", kind=PROGRAMME),
    help={
        "programme": "The forecast of all its steps is frozen as it stands now.",
        "justification": "Why the dates that were agreed no longer hold.",
    },
    long_text=frozenset({"justification"}),
    adds="Propose a baseline",
    listed=False,
    page="techtransfer/baseline.html",
)
