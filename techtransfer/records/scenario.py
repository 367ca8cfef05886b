"""Scenarios: what-ifs that somebody keeps."""

from oversight.kernel.records.kind import Fieldset, Order, Parent, RecordKind

from ..workflows.scenario import SCENARIO_WORKFLOW
from .offices import CORRECTORS, NUMBER, OWN, VOIDERS
from .programme import PROGRAMME

SCENARIO_STATUS = {
    "KEPT": ("info", "open"),
    "ADOPTED": ("ok", "ok"),
    "DROPPED": ("neutral", "void"),
    "EXPIRED": ("neutral", "void"),
}

SCENARIO = RecordKind(
    workflow=SCENARIO_WORKFLOW,
    slug="scenarios",
    label="scenario",
    plural="scenarios",
    icon="git-branch",
    capability="scenario",
    capabilities={verb: roles for verb, roles in OWN.items() if verb != "void"}
    | {"create": CORRECTORS, "adopt": VOIDERS, "drop": CORRECTORS},
    purpose="What-ifs that are kept: they change nothing of the plan.",
    title="title",
    beneath=("number",),
    columns=("programme", "days", "shared", "expires_on", "status"),
    tones={"status": SCENARIO_STATUS},
    filters=("programme", "status"),
    orders=(NUMBER, Order(name="title", label="Title", path="title")),
    search=("title", "number", "author_name"),
    fieldsets=(
        Fieldset(title="Scenario", items=("programme", "title", "suppositions", "author_name")),
        Fieldset(title="How long, and for whom", items=("expires_on", "shared")),
        Fieldset(title="What it came to", items=("days", "computed_at", "forecast_at")),
    ),
    parent=Parent(field="programme", kind=PROGRAMME),
    days=frozenset({"days"}),
    # It may name any partner's records.
    of_all=frozenset({"suppositions", "studies", "steps", "consequences", "days"}),
    help={
        "title": "Empty: what it comes to. Whoever sees the programme reads it, also who sees some CDMOs alone.",
        "programme": "Its plan as it is now. This cannot be changed later.",
        "suppositions": "One a line, as the preview gave them. They are computed once more when you keep it.",
        "shared": "Whoever sees the programme sees it, and all that was said and attached here. Else you alone do.",
        "expires_on": "Empty: for 30 days.",
    },
    long_text=frozenset({"suppositions"}),
    adds="Keep as scenario",
    listed=False,
    page="techtransfer/scenario.html",
)
