"""The record kinds of supply: campaigns, batches, clinical lots, and what went into what."""

from cdmos.records import CDMO, SITE
from oversight.kernel.records.kind import Fieldset, Order, Parent, RecordKind
from oversight.roles import PARTNER_STAFF, QUALITY, Role
from techtransfer.records import MILESTONE, PROGRAMME, STUDY
from techtransfer.records.offices import JOINT, NUMBER, OWN, PLANNERS

from .waiting import BATCH_WAITING
from .workflows.batch import BATCH_WORKFLOW
from .workflows.campaign import CAMPAIGN_WORKFLOW
from .workflows.genealogy import GENEALOGY_WORKFLOW
from .workflows.lot import LOT_WORKFLOW

CORRECTORS = PLANNERS | QUALITY
OPEN = JOINT | {"amend": CORRECTORS}  # of a kind that partners see

CAMPAIGN_STATUS = {
    "PLANNED": ("neutral", "open"),
    "RUNNING": ("info", "progress"),
    "COMPLETED": ("ok", "ok"),
    "VOID": ("neutral", "void"),
}
BATCH_STATUS = {
    "PLANNED": ("neutral", "open"),
    "IN_PROCESS": ("info", "progress"),
    "MADE": ("info", "progress"),
    "UNDER_REVIEW": ("info", "progress"),
    "RELEASED": ("ok", "ok"),
    "REJECTED": ("danger", "critical"),
    "VOID": ("neutral", "void"),
}
LOT_STATUS = {
    "PLANNED": ("neutral", "open"),
    "AVAILABLE": ("ok", "ok"),
    "SHIPPED": ("info", "ok"),
    "VOID": ("neutral", "void"),
}
EDGE_STATUS = {"ACTIVE": ("ok", "ok"), "VOID": ("neutral", "void")}
HELD = {"True": ("warn", "hold")}

CAMPAIGN = RecordKind(
    workflow=CAMPAIGN_WORKFLOW,
    slug="campaigns",
    label="campaign",
    plural="campaigns",
    icon="layers",
    capability="campaign",
    capabilities=OPEN | {"run": PLANNERS | PARTNER_STAFF},
    purpose="Batches of one product that are made in a row at one site.",
    title="title",
    beneath=("number", "product_code"),
    columns=("cdmo", "site", "starts_on", "ends_on", "status"),
    tones={"status": CAMPAIGN_STATUS},
    filters=("programme", "cdmo", "status"),
    orders=(Order(name="starts", label="First day", path="starts_on", text=False), NUMBER),
    search=("title", "number", "product_code"),
    prefetch=("batches",),
    fieldsets=(
        Fieldset(title="Campaign", items=("programme", "product_code", "cdmo", "site", "title")),
        Fieldset(title="When", items=("starts_on", "ends_on")),
    ),
    parent=Parent(field="cdmo", kind=CDMO, lists=False),
    references={"programme": PROGRAMME, "site": SITE},
    partner_sees=frozenset({"number", "status", "product_code", "cdmo", "site", "title", "starts_on", "ends_on"}),
    help={
        "programme": "This cannot be changed later.",
        "cdmo": "Who makes it. This cannot be changed later.",
    },
    listed=False,
)

BATCH = RecordKind(
    workflow=BATCH_WORKFLOW,
    slug="batches",
    label="batch",
    plural="batches",
    icon="flask-conical",
    capability="batch",
    capabilities=OPEN
    | {
        "amend": CORRECTORS | PARTNER_STAFF,
        "make": PLANNERS | PARTNER_STAFF,
        "send-record": PLANNERS | PARTNER_STAFF,
        "release": QUALITY,
        "hold": QUALITY,
        "void": frozenset({Role.QA_DIRECTOR}),
    },
    purpose="What your partners make, from the plan to the signature that releases it.",
    title="number",
    beneath=("product_code", "partner_number"),
    columns=("cdmo", "site", "stage", "status", "on_hold", "due_at"),
    tones={"status": BATCH_STATUS, "on_hold": HELD},
    filters=("programme", "cdmo", "status", "stage", "purpose", "on_hold"),
    orders=(
        Order(name="due", label="Due", path="due_at", text=False),
        NUMBER,
        Order(name="planned", label="Planned end", path="planned_end", text=False),
    ),
    search=("number", "product_code", "partner_number", "scale", "location"),
    numbers=("partner_number",),
    prefetch=("holds", "deviations", "made_from__source"),
    fieldsets=(
        Fieldset(title="Batch", items=("programme", "product_code", "stage", "purpose", "scale", "replaces")),
        Fieldset(title="Where", items=("cdmo", "site", "campaign", "partner_number", "location")),
        Fieldset(title="Plan", items=("planned_start", "planned_end", "make_step", "release_step")),
        Fieldset(title="What has happened", items=("started_on", "made_on", "record_sent_on", "decided_on")),
        Fieldset(title="Amount", items=("unit", "target_yield", "actual_yield", "expires_on")),
        Fieldset(title="Hold", items=("on_hold", "held_since", "hold_number", "hold_cause")),
    ),
    parent=Parent(field="cdmo", kind=CDMO, lists=False),
    references={
        "programme": PROGRAMME,
        "site": SITE,
        "campaign": CAMPAIGN,
        "make_step": MILESTONE,
        "release_step": MILESTONE,
    },
    # Not the programme, which is the sponsor's own, nor the step of its release, which may be another partner's.
    partner_sees=frozenset(
        {
            "number",
            "status",
            "product_code",
            "campaign",
            "cdmo",
            "site",
            "stage",
            "purpose",
            "partner_number",
            "scale",
            "make_step",
            "planned_start",
            "planned_end",
            "started_on",
            "made_on",
            "record_sent_on",
            "decided_on",
            "unit",
            "target_yield",
            "actual_yield",
            "expires_on",
            "location",
            "on_hold",
            "held_since",
            "hold_number",
            "hold_cause",
            "due_at",
            "due_label",
            "due_side",
        }
    ),
    help={
        "programme": "This cannot be changed later.",
        "cdmo": "Who makes it. This cannot be changed later.",
        "stage": "It decides the series of its number. This cannot be changed later.",
        "replaces": "If it is made in place of a rejected batch: it takes over that one's steps of the plan.",
        "partner_number": "The number that the CDMO's own system gave it.",
        "scale": "As it is spoken of: 2,000 L.",
        "make_step": "What happens to the batch is what happens to this step.",
        "release_step": "It ends when the batch is released.",
        "unit": "In which yields and quantities of this batch are said.",
        "location": "Where it is kept.",
    },
    page="batches/batch.html",
    adds="Plan a batch",
    waiting=BATCH_WAITING,
)
BATCH.references["replaces"] = BATCH

LOT = RecordKind(
    workflow=LOT_WORKFLOW,
    slug="lots",
    label="clinical lot",
    plural="clinical lots",
    icon="package",
    capability="lot",
    capabilities=OPEN | {"supply": PLANNERS, "ship": PLANNERS | PARTNER_STAFF},
    purpose="Packaged supply for one study.",
    title="number",
    columns=("batch", "study", "quantity", "unit", "expires_on", "status"),
    tones={"status": LOT_STATUS},
    filters=("cdmo", "study", "status"),
    orders=(NUMBER, Order(name="expiry", label="Expiry", path="expires_on", text=False)),
    search=("number", "destination"),
    prefetch=("batch",),
    fieldsets=(
        Fieldset(title="Lot", items=("batch", "study", "quantity", "unit", "expires_on")),
        Fieldset(title="Shipment", items=("destination", "shipped_on")),
    ),
    parent=Parent(field="batch", kind=BATCH),
    references={"cdmo": CDMO, "study": STUDY},
    # For which study it is packed, the sponsor tells in its orders.
    partner_sees=frozenset(
        {"number", "status", "cdmo", "batch", "quantity", "unit", "expires_on", "shipped_on", "destination"}
    ),
    help={
        "batch": "The packaged batch. This cannot be changed later.",
        "unit": "As the batch is measured.",
        "destination": "Where it goes: a depot, a site.",
    },
    listed=False,
)

GENEALOGY = RecordKind(
    workflow=GENEALOGY_WORKFLOW,
    slug="genealogy",
    label="genealogy edge",
    plural="genealogy",
    icon="git-branch",
    capability="genealogy",
    capabilities=OWN | {"create": CORRECTORS, "amend": CORRECTORS},
    purpose="How much of which batch went into which.",
    title="number",
    columns=("source", "made_into", "quantity", "unit", "used_on", "status"),
    tones={"status": EDGE_STATUS},
    filters=("status",),
    orders=(NUMBER,),
    search=("number",),
    fieldsets=(
        Fieldset(title="Batches", items=("source", "made_into")),
        Fieldset(title="Amount", items=("quantity", "unit", "used_on")),
    ),
    references={"source": BATCH, "made_into": BATCH},
    help={
        "source": "What went in. This cannot be changed later.",
        "made_into": "What was made of it. This cannot be changed later.",
        "unit": "As the batch is measured that went in.",
    },
    adds="Note what went in",
    listed=False,
)
